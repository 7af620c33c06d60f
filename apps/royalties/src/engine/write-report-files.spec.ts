import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { matchingKeys } from '@countinghouse/catalogue';
import { engineInFolder, parseCsv } from '../../test/engine.js';
import { kontorFile, type KontorLine } from '../../test/kontor-file.js';
import { bookLines } from './book-lines.js';
import { type ReportFilesRequest, writeReportFiles } from './write-report-files.js';

const { read, newFolder } = engineInFolder();

const ada = '00000000-0000-4000-8000-00000000000a';
const bob = '00000000-0000-4000-8000-00000000000b';

/** Books lines of the labels Ada and Bob for the owners of these names, all of net. */
async function partOf(lines: KontorLine[]): Promise<string> {
  const { linesPath } = await read(kontorFile(lines.map((line) => ({ label: 'Ada', royalties: '1,5', ...line }))), {
    decimal: 'comma',
  });
  const terms = Object.entries({ ada, bob }).map(([label, owner], at) => ({
    contractId: at + 1,
    scope: 'label' as const,
    key: matchingKeys('label', [label])[0]!,
    owner,
    sharePercent: '100',
    from: null,
    until: null,
  }));
  return (await bookLines({ linesPath, terms, workDir: await newFolder() })).acceptedPath;
}

async function filesOf(paths: string[], request: Partial<ReportFilesRequest> = {}): Promise<Record<string, string>> {
  const [outDir, workDir] = [join(await newFolder(), 'files'), await newFolder()];
  await writeReportFiles({
    parts: paths.map((path) => ({ path, sign: 1 })),
    reports: [{ id: 7, owner: ada, reportingMonth: '202508' }],
    delimiter: 'comma',
    outDir,
    workDir,
    ...request,
  });
  const names = await readdir(outDir);
  const texts = names.map(async (name) => [name, await readFile(join(outDir, name), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

const lines: KontorLine[] = [
  { title: 'Snow', store: 'Spotify', country: 'DE', royalties: '1,25', units: '10' },
  { title: 'Rain', store: 'Deezer', country: 'FR', royalties: '-0,5', units: '-2', ean: '', isrc: '' },
  { title: 'Snow', store: 'Deezer', country: '', royalties: '2', units: '5', artist: 'Ada & Bob' },
  { label: 'Bob', royalties: '9', units: '1' },
];

describe('the six files of a report', () => {
  it('have these bytes', async () => {
    const files = await filesOf([await partOf(lines)]);
    expect(files).toEqual({
      '7_labels.csv': '\uFEFFLabel,Currency,Quantity,Royalties\r\nAda,EUR,13,2.75\r\n',
      '7_artists.csv': '\uFEFFArtist,Currency,Quantity,Royalties\r\nAda & Bob,EUR,5,2\r\nAda,EUR,8,0.75\r\n',
      '7_releases.csv':
        '\uFEFFRelease,UPC,Artist,Currency,Quantity,Royalties\r\n' +
        'Snow,4260123459598,Ada & Bob,EUR,5,2\r\nSnow,4260123459598,Ada,EUR,10,1.25\r\nRain,,Ada,EUR,-2,-0.5\r\n',
      '7_platforms.csv': '\uFEFFPlatform,Currency,Quantity,Royalties\r\nDeezer,EUR,3,1.5\r\nSpotify,EUR,10,1.25\r\n',
      '7_countries.csv':
        '\uFEFFCountry Code,Country,Currency,Quantity,Royalties\r\n' +
        'ZZ,Unknown,EUR,5,2\r\nDE,Germany,EUR,10,1.25\r\nFR,France,EUR,-2,-0.5\r\n',
      '7_full.csv':
        '\uFEFFReporting Month,Sales Month,Platform,Channel Type,Country Code,Country,Label,Artist,Release,Track,UPC,ISRC,Catalog Number,Sales Type,Subscription Type,Quantity,Currency,Royalties\r\n' +
        '202508,202507,Spotify,Streaming,DE,Germany,Ada,Ada,Snow,Snow,4260123459598,DEA622500001,PR-1,Streaming,,10,EUR,1.25\r\n' +
        '202508,202507,Deezer,Streaming,FR,France,Ada,Ada,Rain,Rain,,,PR-1,Streaming,,-2,EUR,-0.5\r\n' +
        '202508,202507,Deezer,Streaming,ZZ,Unknown,Ada,Ada & Bob,Snow,Snow,4260123459598,DEA622500001,PR-1,Streaming,,5,EUR,2\r\n',
    });
  });

  it('have semicolons when they are asked for', async () => {
    const files = await filesOf([await partOf(lines)], { delimiter: 'semicolon' });
    expect(files['7_artists.csv']).toBe(
      '\uFEFFArtist;Currency;Quantity;Royalties\r\nAda & Bob;EUR;5;2\r\nAda;EUR;8;0.75\r\n',
    );
    expect(files['7_full.csv']).toContain(
      '\r\n202508;202507;Deezer;Streaming;FR;France;Ada;Ada;Rain;Rain;;;PR-1;Streaming;;-2;EUR;-0.5\r\n',
    );
  });

  it('give back any name, with those that look like formulas made harmless', async () => {
    const titles = ['=1+1', '+x', '-x', '@x', 'a,b', 'a;b', 'say "hi"', 'two\nlines', "it's", "'=x", 'ünïcödé 😀'];
    const part = await partOf(titles.map((title, at) => ({ title, royalties: `${20 - at}` })));
    const expected = titles.map((title) => (/^[=+\-@]/.test(title) ? `'${title}` : title));
    for (const delimiter of ['comma', 'semicolon'] as const) {
      const files = await filesOf([part], { delimiter });
      const mark = delimiter === 'comma' ? ',' : ';';
      expect(
        parseCsv(files['7_releases.csv']!, mark)
          .slice(1)
          .map(([title]) => title),
      ).toEqual(expected);
      expect(
        parseCsv(files['7_full.csv']!, mark)
          .slice(1)
          .map((cells) => cells[8]),
      ).toEqual(expected);
      expect(parseCsv(files['7_full.csv']!, mark).every((cells) => cells.length === 18)).toBe(true);
    }
  });

  it('order groups by royalties, largest first, and those with the same by the code points of their names', async () => {
    const names = ['b', 'B', 'a', 'ä', 'Z', '😀', '￼', '10', '9'];
    const part = await partOf([
      ...names.map((artist) => ({ artist, royalties: '1' })),
      { artist: 'small', royalties: '0,5' },
      { artist: 'large', royalties: '11' },
    ]);
    const [, ...rows] = parseCsv((await filesOf([part]))['7_artists.csv']!);
    expect(rows.map(([artist]) => artist)).toEqual(['large', '10', '9', 'B', 'Z', 'a', 'b', 'ä', '￼', '😀', 'small']);
  });

  it('write amounts with all of their digits', async () => {
    const amounts = ['0,0000000001', '-0,0000000001', '100', '0', '99999999999999,0000000001', '1E-10'];
    const [, ...rows] = parseCsv(
      (await filesOf([await partOf(amounts.map((royalties) => ({ royalties })))]))['7_full.csv']!,
    );
    expect(rows.map((cells) => cells.at(-1))).toEqual([
      '0.0000000001',
      '-0.0000000001',
      '100',
      '0',
      '99999999999999.0000000001',
      '0.0000000001',
    ]);
  });

  it('are those of each owner', async () => {
    const reports = [
      { id: 8, owner: bob, reportingMonth: '202509' },
      { id: 7, owner: ada, reportingMonth: '202508' },
    ];
    const files = await filesOf([await partOf(lines)], { reports });
    expect(Object.keys(files)).toHaveLength(12);
    expect(files['8_labels.csv']).toBe('\uFEFFLabel,Currency,Quantity,Royalties\r\nBob,EUR,1,9\r\n');
    expect(files['8_full.csv']).toContain('\r\n202509,202507,Spotify');
    expect(files['7_labels.csv']).toContain('\r\nAda,EUR,13,2.75\r\n');
  });

  it('are headers alone for an owner without lines, and without parts', async () => {
    const part = await partOf([{ label: 'Bob' }]);
    for (const parts of [[part], []]) {
      const files = await filesOf(parts);
      expect(Object.keys(files)).toHaveLength(6);
      for (const text of Object.values(files)) expect(text).toMatch(/^\uFEFF[^\r\n]+\r\n$/);
    }
  });
});

describe('a report of several parts', () => {
  it('has the lines of each in turn, and their sums', async () => {
    const [one, other] = [await partOf(lines), await partOf([{ title: 'Late', royalties: '10', units: '1' }])];
    const files = await filesOf([one, other]);
    expect(parseCsv(files['7_full.csv']!).map((cells) => cells[9])).toEqual(['Track', 'Snow', 'Rain', 'Snow', 'Late']);
    expect(files['7_labels.csv']).toContain('\r\nAda,EUR,14,12.75\r\n');
    const turned = await filesOf([other, one]);
    expect(parseCsv(turned['7_full.csv']!).map((cells) => cells[9])).toEqual(['Track', 'Late', 'Snow', 'Rain', 'Snow']);
  });

  it('shows what is taken back as the exact negative', async () => {
    const part = await partOf(lines);
    const files = await filesOf([], {
      parts: [
        { path: part, sign: 1 },
        { path: part, sign: -1 },
      ],
    });
    expect(files['7_labels.csv']).toContain('\r\nAda,EUR,0,0\r\n');
    const [, ...rows] = parseCsv(files['7_full.csv']!);
    expect(rows.map((cells) => [cells[15], cells[17]])).toEqual([
      ['10', '1.25'],
      ['-2', '-0.5'],
      ['5', '2'],
      ['-10', '-1.25'],
      ['2', '0.5'],
      ['-5', '-2'],
    ]);
  });

  it('sums up narrow and wide amounts together', async () => {
    const wide = await partOf([{ royalties: '999999999999999,999999999999999' }]);
    const files = await filesOf([wide, await partOf([{ royalties: '0,0000000001' }])]);
    expect(files['7_labels.csv']).toContain(',1000000000000000.0000000001\r\n');
  });
});

describe('a report of many lines', () => {
  const many = Array.from({ length: 150_000 }, (_, at) => ({
    title: `Song ${at % 500}`,
    label: at % 3 === 0 ? 'Bob' : 'Ada',
    royalties: `0,${String(at).padStart(10, '0')}`,
    units: `${at}`,
  }));

  it('has them all, in the order of the statement, and the same bytes every time', async () => {
    const part = await partOf(many);
    const files = await filesOf([part]);
    const [, ...rows] = parseCsv(files['7_full.csv']!);
    const own = many.flatMap(({ label, units }) => (label === 'Ada' ? [units] : []));
    expect(rows.map((cells) => cells[15]).join()).toBe(own.join());
    expect(await filesOf([part])).toEqual(files);
    expect(await filesOf([await partOf(many)])).toEqual(files);
  });
});
