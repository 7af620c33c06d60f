import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { columnKey, columnsNamed, detectDelimiter, splitRecord } from '@countinghouse/tabular';
import { monthReader } from '../domain/month-pattern.js';
import { statementHeaders } from '../../test/statement-headers.js';
import { columnsOf } from '../reading/columns.js';
import { knownDistributor, knownDistributors, layoutsOf } from './index.js';
import type { BuiltInLayout, Field } from './layout.js';
import { usageTypes } from './layout.js';
import { layoutProblems } from './layout-problems.js';

/** Without these a line could not be booked or shown in the report files. */
const needed: readonly Field[] = [
  ...(['artist', 'releaseTitle', 'trackTitle', 'upc', 'isrc'] as const),
  ...(['salesMonth', 'store', 'country', 'salesType', 'quantity', 'net'] as const),
];

const withoutLabel = ['cdbaby.json', 'distrokid.json', 'dsr.json'];

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));

const layoutIn = async (file: string): Promise<BuiltInLayout> =>
  JSON.parse(await readFile(`${import.meta.dirname}/${file}`, 'utf8')) as BuiltInLayout;

const headersOf = (file: string): string[][] =>
  statementHeaders[file]!.map((header) => splitRecord(header, detectDelimiter(header)));

/** A day as the pattern writes it. */
const written = (pattern: string, year: string, month: string, day: string): string =>
  pattern
    .replace('YYYY', year)
    .replace(/MM?/, (part) => (part === 'M' ? `${Number(month)}` : month))
    .replace(/DD?/, (part) => (part === 'D' ? `${Number(day)}` : day));

it('each layout has a header of a real file to be tried on', () => {
  expect(files.sort()).toEqual(Object.keys(statementHeaders).sort());
});

it('a distributor is known by the layouts of its files, and by its exact name alone', () => {
  expect(knownDistributors()).toEqual(['APPLE', 'BELIEVE', 'CDBABY', 'DISTROKID', 'DSR', 'FUGA', 'KONTOR', 'TUNECORE']);
  expect(knownDistributors().every(knownDistributor)).toBe(true);
  expect(['believe', '', 'constructor', 'BELIEVE '].some(knownDistributor)).toBe(false);
  expect(layoutsOf('NOBODY')).toEqual([]);
});

describe.each(files)('%s', (file) => {
  it('is the layout that the header of a real file gets, in any order, in capitals, among other columns', async () => {
    const layout = await layoutIn(file);
    for (const header of headersOf(file)) {
      const shuffled = ['Remarks', ...header.toReversed().map((name) => name.toUpperCase())];
      for (const names of [header, shuffled])
        expect(columnsOf(names, layoutsOf(layout.distributor)).layout).toEqual(layout);
    }
  });

  it.each(needed)('has the %s of each line, which no file may leave out', async (field) => {
    const { columns, optional = [] } = await layoutIn(file);
    expect(columns).toHaveProperty(field);
    expect(optional).not.toContain(field);
  });

  it('has the label of each line where the distributor tells it', async () => {
    expect('label' in (await layoutIn(file)).columns).toBe(!withoutLabel.includes(file));
  });

  it('knows the currency', async () => {
    const { columns, defaultCurrency } = await layoutIn(file);
    expect(columns.currency ?? defaultCurrency).toBeDefined();
  });

  it('would be accepted from anybody', async () => {
    const { distributor: _, source: __, checkedOn: ___, ...layout } = await layoutIn(file);
    expect(layoutProblems(layout)).toEqual([]);
  });

  it('leaves to the file what differs between the layouts of its distributor', async () => {
    const { distributor, delimiter, skipLines } = await layoutIn(file);
    for (const other of layoutsOf(distributor))
      expect(other).toMatchObject({ ...(delimiter && { delimiter }), ...(skipLines && { skipLines }) });
  });

  it('takes every column of numbers from the header of a real file', async () => {
    const names = headersOf(file).flat().map(columnKey);
    const { alsoNumbers = [] } = await layoutIn(file);
    const unknown = alsoNumbers.filter((name) => !names.includes(columnKey(name)));
    // The French back office has further columns that the header at hand does not show.
    expect(unknown).toEqual(file === 'believe-fr.json' ? ['prix unitaire'] : []);
  });

  it('fails a file without any one of its required columns, which it names', async () => {
    const { distributor, columns, optional = [] } = await layoutIn(file);
    const required = Object.entries(columns).filter(([field]) => !optional.includes(field as Field));
    for (const name of required.map(([, from]) => from).filter((from) => typeof from === 'string')) {
      const rest = headersOf(file)[0]!.filter((column) => columnsNamed([column], name).length === 0);
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
