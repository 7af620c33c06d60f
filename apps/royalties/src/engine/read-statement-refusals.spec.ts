import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { kontorHeader, type KontorLine, kontorLine } from '../../test/kontor-file.js';
import { engineInFolder } from '../../test/engine.js';

const { read, failureOf } = engineInFolder();

const lf = (...records: string[]) => `${[kontorHeader, ...records].join('\n')}\n`;

describe('a line is rejected', () => {
  const good = kontorLine();
  it.each<[string, KontorLine, string, string]>([
    ['for a bad number', { royalties: 'n/a' }, 'Royalties', '"n/a" is no number with a decimal comma'],
    ['for the other decimal mark', { royalties: '0.5' }, 'Royalties', '"0.5" is no number with a decimal comma'],
    ['for no number', { royalties: '' }, 'Royalties', 'The cell is empty'],
    [
      'for more decimals than are kept',
      { royalties: '0,0000000000000001' },
      'Royalties',
      '"0,0000000000000001" has more than 15 decimals',
    ],
    ['for an exponent beyond them', { royalties: '1E-16' }, 'Royalties', '"1E-16" has more than 15 decimals'],
    [
      'for an absurd amount',
      { royalties: '1000000000000000' },
      'Royalties',
      '"1000000000000000" has more than 15 digits before the decimal mark',
    ],
    ['for NaN', { royalties: 'NaN' }, 'Royalties', '"NaN" is no number with a decimal comma'],
    ['for part of a unit', { units: '1,5' }, 'Units', '"1,5" is no whole number'],
    [
      'for a malformed ISRC',
      { isrc: 'DEA62250001' },
      'ISRC',
      '"DEA62250001" is no ISRC: two letters, three letters or digits, seven digits',
    ],
    [
      'for a wrong check digit',
      { ean: '4260123459599' },
      'EAN',
      '"4260123459599" is no UPC or EAN: its last digit must be 8 to fit the others',
    ],
    [
      'for an unknown country',
      { country: 'Atlantis' },
      'Country',
      '"Atlantis" is no country known by this name or code',
    ],
    [
      'for an impossible month',
      { period: '202513' },
      'Sales Period',
      expect.stringMatching(/^"202513" is no month written YYYYMM or /) as never,
    ],
  ])('%s', async (_, line, column, reason) => {
    const { rejected, lines, counts } = await read(lf(good, kontorLine(line), good));
    expect(rejected).toEqual([{ line: 3, column, reason, raw: kontorLine(line) }]);
    expect(lines.map((row) => row.line)).toEqual([2, 4]);
    expect(counts).toEqual({ read: 3, rejected: 1 });
  });

  it.each([
    ['for cells that are too few', 'a;b', 'The line has 2 cells, the header 15'],
    ['for cells that are too many', `${good};x`, 'The line has 16 cells, the header 15'],
    [
      'for a quote that is not closed',
      good.replace('Snow', '"Snow'),
      'The line has a quote that is not closed, or text beside a quoted cell',
    ],
    [
      'for text behind a quoted cell',
      good.replace('Snow', '"Snow"x'),
      'The line has a quote that is not closed, or text beside a quoted cell',
    ],
    ['for a zero byte', good.replace('Snow', 'Sn\0w'), 'The line contains a zero byte'],
    [
      'for a lone carriage return',
      good.replace('Snow', 'Sn\rw'),
      'The line contains a carriage return without a line feed',
    ],
    ['for its length', good.replace('Snow', 'x'.repeat(1_100_000)), 'The line is longer than 1 MiB'],
  ])('%s', async (_, wrong, reason) => {
    const { rejected, lines } = await read(lf(good, wrong, good));
    expect(rejected).toEqual([
      { line: 3, column: '', reason, raw: wrong.length > 10_000 ? `${wrong.slice(0, 10_000)}…` : wrong },
    ]);
    expect(lines.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('for bytes that are not UTF-8 in a file that otherwise is', async () => {
    const bytes = Buffer.concat([
      Buffer.from(lf(good, kontorLine({ title: 'Été' }))),
      Buffer.from(`${kontorLine({ title: 'x\xff' })}\n${good}\n`, 'latin1'),
    ]);
    const { rejected, lines } = await read(bytes);
    expect(rejected).toMatchObject([{ line: 4, column: '', reason: 'The line is not valid UTF-8' }]);
    expect(lines.map(({ line, trackTitle }) => [line, trackTitle])).toEqual([
      [2, 'Snow'],
      [3, 'Été'],
      [5, 'Snow'],
    ]);
  });

  it('under its physical line, behind line breaks in cells, blank lines and lines that cannot be read', async () => {
    const broken = kontorLine({ title: 'two\nlines' });
    const { rejected, lines } = await read(
      lf(good, broken, '', 'a;b', '  ', good, kontorLine({ isrc: 'x' }), kontorLine({ title: 'a\r\nb\r\n' }), good),
    );
    expect(rejected.map(({ line, column }) => [line, column])).toEqual([
      [6, ''],
      [9, 'ISRC'],
    ]);
    expect(lines.map(({ line, trackTitle }) => [line, trackTitle])).toEqual([
      [2, 'Snow'],
      [3, 'two\nlines'],
      [8, 'Snow'],
      [10, 'a\r\nb'],
      [13, 'Snow'],
    ]);
  });

  it('with raw text that no spreadsheet takes for a formula', async () => {
    const { rejectedPath } = await read(lf(good, '=1+1;"x"'));
    expect((await readFile(rejectedPath, 'utf8')).split('\r\n')[1]).toBe(
      `3,,"The line has 2 cells, the header 15","'=1+1;""x"""`,
    );
  });
});

describe('a statement fails', () => {
  const lines = (wrong: number, right: number) => [
    ...Array.from({ length: wrong }, () => kontorLine({ isrc: 'x' })),
    ...Array.from({ length: right }, () => kontorLine()),
  ];

  it.each<[string, string | Buffer, string]>([
    ['when it is empty', '', 'The file is empty'],
    ['when it is blank', '\n \n\r\n', 'The file is empty'],
    ['when it is a header', `${kontorHeader}\n\n`, 'The file has a header but no lines'],
    [
      'when it is an image',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      'The file is a PNG image, not a text file',
    ],
    ['when it is binary', Buffer.alloc(5000, 3), 'The file is binary, not a text file'],
    ['without its header', `${kontorLine()}\n`, expect.stringContaining('The file has no column "Label", ') as never],
    [
      'when its header is broken',
      `${kontorHeader.replace('Store', '"Store')}\n${kontorLine()}\n`,
      'The first line cannot be read as the names of columns',
    ],
    [
      'when it lacks columns, and names each once',
      `${kontorHeader.replace('Product Title', 'x').replace('EAN', 'y')}\n1\n`,
      expect.stringContaining('The file has no column "Product Title", "EAN"; it has "Sales Period", ') as never,
    ],
    [
      'when it lacks a column, and names those it has',
      'Sales Period;Store;Ch.-Type;Country;Label;Product Title;Product Artist;EAN;ISRC;Units\n1\n',
      'The file has no column "Royalties"; it has "Sales Period", "Store", "Ch.-Type", "Country", "Label", "Product Title", "Product Artist", "EAN", "ISRC", "Units"',
    ],
    [
      'when a column is there twice',
      `${kontorHeader};isrc\n`,
      'Two columns could hold the isrc: "ISRC" (column 11) and "isrc" (column 16); remove one',
    ],
    [
      'when its numbers can be read in two ways',
      lf(kontorLine({ royalties: '1.234' })),
      expect.stringContaining('decimal=point or decimal=comma') as never,
    ],
    [
      'when its numbers contradict each other',
      lf(kontorLine({ royalties: '1,5' }), kontorLine({ royalties: '1.5' })),
      expect.stringContaining('decimal=point or decimal=comma') as never,
    ],
  ])('%s', async (_, content, message) => {
    expect(await failureOf(content)).toEqual(message);
  });

  it('when more lines than allowed are rejected; exactly as many pass', async () => {
    expect((await read(lf(...lines(1, 19)), { maxRejectedPercent: 5 })).counts).toEqual({ read: 20, rejected: 1 });
    expect(await failureOf(lf(...lines(1, 18)), { maxRejectedPercent: 5 })).toBe(
      '1 of 19 lines cannot be read, at most 5 % may be so; the first is line 2, column "ISRC": "x" is no ISRC: two letters, three letters or digits, seven digits',
    );
    expect((await read(lf(...lines(29, 71)), { maxRejectedPercent: 29 })).counts.rejected).toBe(29);
    expect((await read(lf(...lines(7, 993)), { maxRejectedPercent: 0.7 })).counts.rejected).toBe(7);
  });

  it('when all lines are rejected, unless all may be', async () => {
    expect(await failureOf(lf('a', 'b'), { maxRejectedPercent: 99.9999 })).toContain('2 of 2 lines cannot be read');
    expect(await read(lf('a', 'b'))).toMatchObject({
      lines: [],
      net: '0',
      quantity: '0',
      counts: { read: 2, rejected: 2 },
    });
  });
});
