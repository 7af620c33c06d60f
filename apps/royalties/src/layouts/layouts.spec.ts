import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { columnsNamed, detectDelimiter, splitRecord } from '@countinghouse/tabular';
import { monthReader } from '../domain/month-pattern.js';
import { columnsOf } from '../reading/columns.js';
import { knownDistributor, knownDistributors, layoutsOf } from './index.js';
import { type Field, fields, type Layout, usageTypes } from './layout.js';

/** Headers of the distributors' own files. */
const headers: Readonly<Record<string, string>> = {
  'believe.json':
    'Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;Release title;Track title;UPC;ISRC;' +
    'Release Catalog nb;Streaming Subscription Type;Release type;Sales Type;Quantity;Client Payment Currency;' +
    'Unit Price;Mechanical Fee;Gross Revenue;Client share rate;Net Revenue',
  'believe-fr.json':
    "mois de reporting;mois de vente;plateforme;pays / région;nom du label;nom de l'artiste;titre de la sortie;" +
    'titre de la piste;upc;isrc;reference catalogue sortie;type de sortie;type de vente;quantite;' +
    'devise de paiement du client;revenu brut;taux de revenu client;revenu net',
  'kontor.json':
    'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;' +
    'Article No;Royalties;Units',
};

/** Without these a line could not be booked or shown in the report files. */
const needed: readonly Field[] = [
  ...(['label', 'artist', 'releaseTitle', 'trackTitle', 'upc', 'isrc'] as const),
  ...(['salesMonth', 'store', 'country', 'salesType', 'currency', 'quantity', 'net'] as const),
];

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));

const layoutIn = async (file: string): Promise<Layout> =>
  JSON.parse(await readFile(`${import.meta.dirname}/${file}`, 'utf8')) as Layout;

const headerOf = (file: string): string[] => splitRecord(headers[file]!, detectDelimiter(headers[file]!));

/** A day as the pattern writes it. */
const written = (pattern: string, year: string, month: string, day: string): string =>
  pattern.replace('YYYY', year).replace('MM', month).replace('DD', day);

it('each layout has a header of a real file to be tried on', () => {
  expect(files.sort()).toEqual(Object.keys(headers).sort());
});

it('a distributor is known by the layouts of its files, and by its exact name alone', () => {
  expect(knownDistributors()).toEqual(['BELIEVE', 'KONTOR']);
  expect(knownDistributors().every(knownDistributor)).toBe(true);
  expect(['believe', '', 'constructor', 'BELIEVE '].some(knownDistributor)).toBe(false);
  expect(layoutsOf('NOBODY')).toEqual([]);
});

describe.each(files)('%s', (file) => {
  it('is the layout that the header of a real file gets, in any order, in capitals, among other columns', async () => {
    const layout = await layoutIn(file);
    const header = headerOf(file);
    const shuffled = ['Remarks', ...header.toReversed().map((name) => name.toUpperCase())];
    for (const names of [header, shuffled])
      expect(columnsOf(names, layoutsOf(layout.distributor)).layout).toEqual(layout);
  });

  it.each(needed)('has the %s of each line, which no file may leave out', async (field) => {
    const { columns, optional = [] } = await layoutIn(file);
    expect(columns).toHaveProperty(field);
    expect(optional).not.toContain(field);
  });

  it('names nothing but fields, and optional ones that it has', async () => {
    const { columns, optional = [], usage } = await layoutIn(file);
    expect(fields).toEqual(expect.arrayContaining(Object.keys(columns)));
    expect(Object.keys(columns)).toEqual(expect.arrayContaining([...optional]));
    expect(usageTypes).toEqual(expect.arrayContaining(Object.keys(usage)));
  });

  it('fails a file without any one of its required columns, which it names', async () => {
    const { distributor, columns, optional = [] } = await layoutIn(file);
    const required = Object.entries(columns).filter(([field]) => !optional.includes(field as Field));
    for (const name of required.map(([, from]) => from).filter((from) => typeof from === 'string')) {
      const rest = headerOf(file).filter((column) => columnsNamed([column], name).length === 0);
      expect(() => columnsOf(rest, layoutsOf(distributor))).toThrow(`"${name}"`);
    }
  });

  it('reads no month in two ways', async () => {
    const { months } = await layoutIn(file);
    const read = monthReader(months);
    for (const pattern of months)
      for (const [month, day] of [
        ['01', '02'],
        ['02', '28'],
        ['12', '11'],
        ['10', '31'],
      ] as const)
        expect([pattern, read(written(pattern, '2025', month, day))]).toEqual([pattern, { value: `2025${month}` }]);
  });

  it('gives a sales type one meaning, whatever its case', async () => {
    const { usage } = await layoutIn(file);
    const names = usageTypes.flatMap((type) => usage[type] ?? []).map((name) => name.toLowerCase());
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(names.map((name) => name.trim()));
  });

  it('says where it comes from and when that was checked', async () => {
    const { source, checkedOn } = await layoutIn(file);
    expect(source).not.toBe('');
    expect(new Date(checkedOn).toISOString().slice(0, 10)).toBe(checkedOn);
  });
});
