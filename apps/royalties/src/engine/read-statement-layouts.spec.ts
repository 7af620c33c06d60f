import { describe, expect, it } from '@jest/globals';
import { engineInFolder } from '../../test/engine.js';
import { dialects, type Dialect, reportingMonth } from '../../test/layout-dialects.js';
import { showingLine, type SoldLine } from '../../test/sold-line.js';
import { fileOf } from '../../test/statement-files.js';
import { type Layout, layoutsOf } from '../layouts/index.js';

const { read } = engineInFolder();

const plain = {
  mark: 'point',
  encoding: 'utf8',
  lineEnding: '\n',
  quotes: 'needed',
  isShuffled: false,
  hasBlankLinesBehind: false,
} as const;

const dialectOf = (name: string): Dialect => dialects.find(([other]) => other === name)![1];

const readFrom = (name: string, lines: readonly Partial<SoldLine>[], options = {}) => {
  const dialect = dialectOf(name);
  const file = fileOf(
    dialect,
    lines.map((line) => ({ ...showingLine, ...line })),
    plain,
  );
  return read(file, { layouts: layoutsOf(dialect.distributor), reportingMonth, ...options });
};

const own: Layout = {
  months: ['YYYY-MM'],
  columns: { salesMonth: 'Month', isrc: 'ISRC', quantity: 'Units', net: 'Amount' },
  usage: {},
};
const readOwn = (content: string, layout: Partial<Layout> = {}, options = {}) =>
  read(content, { layouts: [{ ...own, ...layout }], ...options });

describe('the currency', () => {
  it.each(['EUR', 'USD'])('of a CD Baby statement is %s when the upload says so', async (currency) => {
    const { lines, currency: found } = await readFrom('CDBABY', [{}], { currency });
    expect([found, lines[0]!.currency]).toEqual([currency, currency]);
  });

  it('of a CD Baby statement is USD when nobody says', async () => {
    expect((await readFrom('CDBABY', [{}])).currency).toBe('USD');
  });

  it('of a DistroKid statement cannot be changed by the upload', async () => {
    await expect(readFrom('DISTROKID', [{}], { currency: 'EUR' })).rejects.toThrow(
      'The amounts of the file are in USD, the upload says EUR',
    );
  });

  it('of a layout that does not know it must come from the upload', async () => {
    const content = 'Month;ISRC;Units;Amount\n2025-07;DEA622500001;1;0.5\n';
    await expect(readOwn(content)).rejects.toThrow('say with currency=');
    expect((await readOwn(content, {}, { currency: 'SEK' })).currency).toBe('SEK');
    expect((await readOwn(content, { defaultCurrency: 'NOK' })).currency).toBe('NOK');
    const inColumn = { columns: { ...own.columns, currency: 'Currency' }, optional: ['currency'] } as const;
    expect((await readOwn(content, inColumn, { currency: 'SEK' })).currency).toBe('SEK');
    await expect(readOwn(content, {}, { currency: 'XYZ' })).rejects.toThrow('"XYZ", is no ISO 4217 currency code');
  });
});

describe('totals at the end of an Apple statement', () => {
  it('are not read, whatever their width', async () => {
    const { counts, net, quantity } = await readFrom('APPLE', [{}, { quantity: -1, net: -(10n ** 14n) }]);
    expect({ counts, net, quantity }).toEqual({ counts: { read: 2, rejected: 0 }, net: '0.4', quantity: '2' });
  });

  it('are not counted among the lines of which so many may be rejected', async () => {
    const lines = [{}, {}, {}, { upc: '123' }];
    expect((await readFrom('APPLE', lines, { maxRejectedPercent: 25 })).counts).toEqual({ read: 4, rejected: 1 });
    await expect(readFrom('APPLE', lines, { maxRejectedPercent: 24 })).rejects.toThrow('1 of 4 lines');
  });

  it('are lines like any other to a distributor that has none', async () => {
    const { rejected } = await readOwn(
      'Month;ISRC;Units;Amount\n2025-07;;1;0.5\nTotal_Rows;1\n',
      {},
      { currency: 'EUR' },
    );
    expect(rejected).toMatchObject([{ line: 3, reason: 'The line has 2 cells, the header 4' }]);
  });

  it('leave a statement of nothing else without lines', async () => {
    await expect(readFrom('APPLE', [])).rejects.toThrow('The file has a header but no lines');
  });
});

describe('a rejected line', () => {
  it.each([
    ['Product Quantity', { isRelease: true }],
    ['Asset Quantity', { isRelease: false }],
  ])('of FUGA names %s where that is what counts', async (column, line) => {
    const fuga = dialectOf('FUGA');
    const write: Dialect['write'] = (sold, amounts) => fuga.write(sold, { ...amounts, quantity: '1.5' });
    const file = fileOf({ ...fuga, write }, [{ ...showingLine, ...line }], plain);
    const { rejected } = await read(file, { layouts: layoutsOf('FUGA'), reportingMonth });
    expect(rejected).toMatchObject([{ line: 2, column, reason: '"1.5" is no whole number' }]);
  });

  it('of a period names both of its days', async () => {
    const { rejected } = await readOwn(
      'From;To;ISRC;Units;Amount\n2025-07;2025-06;;1;0.5\n2025-06;2025-13;;1;0.5\n2025-06;;;1;0.5\n',
      { columns: { ...own.columns, salesMonth: { firstDay: 'From', lastDay: 'To' } } },
      { currency: 'EUR' },
    );
    expect(rejected.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [2, 'From', '"2025-07 – 2025-06" ends before it begins'],
      [3, 'From', '"2025-06 – 2025-13" is no month written YYYY-MM'],
    ]);
  });

  it('of several columns names the first that counts', async () => {
    const { rejected, lines } = await readOwn(
      'Month;ISRC;Song;Units;Amount\n2025-07; ;x1;1;0.5\n2025-07;;DE-A62-25-00001;1;0.5\n2025-07;bad;DEA622500002;1;1\n',
      { columns: { ...own.columns, isrc: { firstOf: ['ISRC', 'Song'] } } },
      { currency: 'EUR' },
    );
    expect(lines.map(({ isrc }) => isrc)).toEqual(['', 'DEA622500001']);
    expect(rejected).toMatchObject([{ line: 4, column: 'ISRC' }]);
  });
});

describe('lines before the header', () => {
  const rows = 'Month;ISRC;Units;Amount\n2025-07;DEA622500001;1;0.5\nbad\n';
  const skipping = { skipLines: 3 };

  it.each([
    ['plain text', 'Statement\nof July\n\n'],
    ['a quote that is not closed', 'Statement "of\n"July\n"\n'],
    ['more columns than the header', 'a,b,c,d,e,f,g\n;;;;;;;;;;;\n\t\t\t\n'],
    ['a byte order mark and other line endings', '\uFEFFa\r\nb\r\nc\r\n'],
    ['the names of columns', 'Month;ISRC;Units;Amount\n\n\n'],
  ])('are skipped, also %s', async (_, before) => {
    const { lines, rejected, counts } = await readOwn(before + rows, skipping, { currency: 'EUR' });
    expect(counts).toEqual({ read: 2, rejected: 1 });
    expect(lines.map(({ line, net }) => [line, Number(net)])).toEqual([[5, 0.5]]);
    expect(rejected.map(({ line }) => line)).toEqual([6]);
  });

  it.each(['', 'one\n', 'one\ntwo\nthree', 'one\ntwo\nthree\n'])('must be followed by one: %j', async (content) => {
    await expect(readOwn(content, skipping)).rejects.toThrow('no header behind the 3 lines that are skipped');
  });
});

it('a layout may take nothing from the file but months and amounts', async () => {
  const { lines } = await readOwn(
    'Month;Units;Amount\n2025-07;1;0.5\n2025-06;2;0.5\n',
    { columns: { ...own.columns, isrc: { constant: 'DEA622500001' }, label: { constant: "Guns N' Roses" } } },
    { currency: 'EUR' },
  );
  expect(lines.map(({ isrc, label, salesMonth }) => [isrc, label, salesMonth])).toEqual([
    ['DEA622500001', "Guns N' Roses", '202507'],
    ['DEA622500001', "Guns N' Roses", '202506'],
  ]);
});

it('a layout may tell the use by another field, and what all else is', async () => {
  const { lines } = await readOwn(
    'Month;ISRC;Shop;Units;Amount\n2025-07;;ITUNES ;1;0.5\n2025-07;;Deezer;1;0.5\n',
    {
      columns: { ...own.columns, store: 'Shop' },
      usageBy: 'store',
      usage: { download: ['iTunes'] },
      usageOtherwise: 'stream',
    },
    { currency: 'EUR' },
  );
  expect(lines.map(({ usageType }) => usageType)).toEqual(['download', 'stream']);
});

it('a byte order mark before a text is white space, as it may be where files were joined', async () => {
  const layout = { columns: { ...own.columns, artist: 'Artist', salesType: 'Kind' }, usage: { stream: ['Stream'] } };
  const content =
    'Month;ISRC;Artist;Kind;Units;Amount\n\uFEFF2025-07;\uFEFFDEA622500001;\uFEFFAda;\uFEFFStream;1;0.5\n';
  const { lines, rejected } = await readOwn(content, layout, { currency: 'EUR' });
  expect(rejected).toEqual([]);
  expect(lines).toMatchObject([{ salesMonth: '202507', isrc: 'DEA622500001', artist: 'Ada', usageType: 'stream' }]);
});
