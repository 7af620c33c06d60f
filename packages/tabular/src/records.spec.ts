import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { splitRecord } from './cells.js';
import { csvCell } from './csv-cell.js';
import { type Delimiter, longestRecord, type ScannedRecord, scanRecords } from './records.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Seen {
  line: number;
  fields: number;
  problem: string | null;
  text: string;
  isBlank: boolean;
  hasBreaks: boolean;
}

async function recordsOf(content: string | Buffer, delimiter: Delimiter = ';', skipLines = 0): Promise<Seen[]> {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  const seen: Seen[] = [];
  const visit = ({ line, fields, problem, bytes, isBlank, hasBreaks }: ScannedRecord): void => {
    seen.push({ line, fields, problem, text: bytes.toString('utf8'), isBlank, hasBreaks });
  };
  await scanRecords(path, delimiter, visit, skipLines);
  return seen;
}

const summaryOf = (records: Seen[]) => records.map(({ line, problem, text }) => [line, problem, text]);

describe('scanRecords', () => {
  it.each<[string, string, [line: number, problem: string | null, text: string][]]>([
    ['nothing', '', []],
    [
      'a last line without line break',
      'a;b\n1;2',
      [
        [1, null, 'a;b'],
        [2, null, '1;2'],
      ],
    ],
    [
      'CRLF',
      'a;b\r\n1;2\r\n',
      [
        [1, null, 'a;b'],
        [2, null, '1;2'],
      ],
    ],
    [
      'blank lines, which count',
      'a\n\n \t\nb\n\n',
      [
        [1, null, 'a'],
        [2, null, ''],
        [3, null, ' \t'],
        [4, null, 'b'],
        [5, null, ''],
      ],
    ],
    [
      'line breaks in quotes',
      '"a\nb\r\nc";1\n2;3',
      [
        [1, null, '"a\nb\r\nc";1'],
        [4, null, '2;3'],
      ],
    ],
    [
      'doubled quotes',
      '"a""b";""\n1',
      [
        [1, null, '"a""b";""'],
        [2, null, '1'],
      ],
    ],
    [
      'a quote inside of a bare cell',
      'Blue (12" Mix);1\n2',
      [
        [1, null, 'Blue (12" Mix);1'],
        [2, null, '2'],
      ],
    ],
    [
      'spaces behind a quoted cell',
      '"a"  ;1\n2',
      [
        [1, null, '"a"  ;1'],
        [2, null, '2'],
      ],
    ],
    [
      'spaces before a quoted cell',
      'x; "a"\n2',
      [
        [1, 'quotes', 'x; "a"'],
        [2, null, '2'],
      ],
    ],
    [
      'text behind a quoted cell',
      '"a"b;1\n2',
      [
        [1, 'quotes', '"a"b;1'],
        [2, null, '2'],
      ],
    ],
    [
      'a quote that is never closed',
      'x;"a\n1;2\r\n3',
      [
        [1, 'quotes', 'x;"a'],
        [2, null, '1;2'],
        [3, null, '3'],
      ],
    ],
    [
      'a quote that a later line closes by chance',
      'x;"a\n1;"b"\n3',
      [
        [1, 'quotes', 'x;"a'],
        [2, null, '1;"b"'],
        [3, null, '3'],
      ],
    ],
    [
      'a lone quote at the end',
      '1\n"',
      [
        [1, null, '1'],
        [2, 'quotes', '"'],
      ],
    ],
    [
      'a zero byte',
      'a\0;b\n1',
      [
        [1, 'nul', 'a\0;b'],
        [2, null, '1'],
      ],
    ],
    [
      'a zero byte in quotes',
      '"a\0"\n1',
      [
        [1, 'nul', '"a\0"'],
        [2, null, '1'],
      ],
    ],
    [
      'a carriage return alone',
      'a\rb\n1\r',
      [
        [1, 'carriage-return', 'a\rb'],
        [2, 'carriage-return', '1\r'],
      ],
    ],
  ])('reads %s', async (_, content, expected) => {
    expect(summaryOf(await recordsOf(content))).toEqual(expected);
  });

  it.each([
    ['a first cell in quotes', '"a\n;b";c\n1;2\n', [1, 3]],
    ['a blank first line', '\nb;c\n1;2\n', [1, 2, 3]],
  ])('reads on behind a byte order mark before %s', async (_, content, lines) => {
    const records = await recordsOf(`\uFEFF${content}`);
    expect(records).toEqual(await recordsOf(content));
    expect(records.map(({ line }) => line)).toEqual(lines);
  });

  it('tells where a cell holds a line break', async () => {
    const records = await recordsOf('a;b\n"c\nd";1\n"e\rf";2\n');
    expect(records.map(({ hasBreaks }) => hasBreaks)).toEqual([false, true, true]);
  });

  it('finds the lines that are not UTF-8, and no others', async () => {
    const bytes = Buffer.concat([Buffer.from('é;1\n'), Buffer.from([0x61, 0xe9, 0x0a]), Buffer.from('ü;2\n')]);
    expect((await recordsOf(bytes)).map(({ problem }) => problem)).toEqual([null, 'encoding', null]);
  });

  it('gives up a line that is too long, and goes on behind it', async () => {
    const long = 'x'.repeat(3 * longestRecord);
    const records = await recordsOf(`a\n${long}\nb\n`);
    expect(records.map(({ line, problem }) => [line, problem])).toEqual([
      [1, null],
      [2, 'too-long'],
      [3, null],
    ]);
  });

  it('gives up a file that is one line', async () => {
    expect((await recordsOf('x'.repeat(2 * longestRecord + 1))).map(({ problem }) => problem)).toEqual(['too-long']);
  });

  it('takes a quote that stays open for too long for a lost one', async () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => `line ${at};${'x'.repeat(40)}`);
    const records = await recordsOf(`a;"b\n${lines.join('\n')}\nc;d"\n`);
    expect(records).toHaveLength(30_002);
    expect(records.filter(({ problem }) => problem)).toEqual([records[0]]);
  });

  it('reads a record of the longest size wherever it lies', async () => {
    const record = `"${'\n'.repeat(longestRecord - 4)}";`;
    const records = await recordsOf(`${'a;b\n'.repeat(300_000)}${record}\n1;2\n`);
    expect(records).toHaveLength(300_002);
    expect(records.at(-2)).toMatchObject({ line: 300_001, problem: null, fields: 2 });
    expect(records.at(-1)).toMatchObject({ line: 300_001 + longestRecord - 3, text: '1;2' });
  });

  it('stops when it is told to', async () => {
    const path = join(folder, 'stop.csv');
    await writeFile(path, 'a\nb\nc\n');
    let visited = 0;
    await scanRecords(path, ';', () => ++visited < 2);
    expect(visited).toBe(2);
  });

  it('gives back what was written, for cells of any text, across the edges of its window', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', ';', '"', '\n', '\r\n', ' ', ',') });
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 20 });
    const padding = fc.integer({ min: 1024 * 1024 - 60, max: 1024 * 1024 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const writer = fc.constantFrom(csvCell, quoted);
    const delimiters = fc.constantFrom<Delimiter>(';', ',', '\t');
    await fc.assert(
      fc.asyncProperty(table, padding, delimiters, writer, async (rows, length, delimiter, write) => {
        const lines = rows.map((cells) => cells.map((text) => write(text, delimiter)).join(delimiter));
        const records = await recordsOf(`${'x'.repeat(length)}\n${lines.join('\n')}\n`, delimiter);
        expect(records.slice(1).map(({ text }) => splitRecord(text, delimiter))).toEqual(rows);
        expect(records.every(({ problem }) => problem === null)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  const hostile = fc
    .array(
      fc.constantFrom(
        'a',
        '"',
        '""',
        ';',
        ';"',
        '";',
        '\n',
        '\r\n',
        '\r',
        ' ',
        '\t',
        '\0',
        'Ã©',
        'â\x82¬',
        'Ã',
        '\xff',
      ),
      {
        maxLength: 40,
      },
    )
    .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

  it('has as many fields as cells and no bytes that are no text where it sees no problem, whatever the file', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (content) => {
        for (const { text, fields, problem } of await recordsOf(content))
          if (problem === null) {
            expect(splitRecord(text, ';')).toHaveLength(fields);
            expect(text).not.toMatch(/[\0\uFFFD]/);
          }
      }),
      { numRuns: 200 },
    );
  });

  it('reads the same wherever the edge of its window cuts the file, whatever the file', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.nat({ max: 60 }), async (content, before) => {
        const first = Buffer.alloc(1024 * 1024 - before, 'x');
        first[first.length - 1] = 0x0a;
        const [, ...behind] = await recordsOf(Buffer.concat([first, content]));
        expect(behind.map((record) => ({ ...record, line: record.line - 1 }))).toEqual(await recordsOf(content));
      }),
      { numRuns: 100 },
    );
  });

  it('loses no byte and reads every line once, whatever the file', async () => {
    const piece = fc.constantFrom('a', '"', '""', ';', ';"', '";', '\n', '\r\n', '\r', ' ', '\0', 'é', ' "');
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const content = pieces.join('');
        const records = await recordsOf(content);
        const lines = content.split('\n');
        for (const { line, text, problem } of records) {
          const spans = text.split('\n').length;
          expect(
            lines
              .slice(line - 1, line - 1 + spans)
              .join('\n')
              .replace(/\r+$/, ''),
          ).toBe(text.replace(/\r+$/, ''));
          if (problem === 'quotes') expect(spans).toBe(1);
        }
        const read = records.flatMap(({ line, text }) => text.split('\n').map((_, at) => line + at));
        const expected =
          content === '' ? [] : lines.map((_, at) => at + 1).slice(0, content.endsWith('\n') ? -1 : undefined);
        expect(read).toEqual(expected);
      }),
    );
  });
});

describe('lines that are skipped', () => {
  const long = 'x'.repeat(3 * longestRecord);

  it.each<[string, string, number, [number, string][]]>([
    [
      'keep their numbers',
      'a\nb\nc\nd\n',
      2,
      [
        [3, 'c'],
        [4, 'd'],
      ],
    ],
    [
      'may hold half a quoted cell',
      '"a\nb\n"c"\nd',
      2,
      [
        [3, '"c"'],
        [4, 'd'],
      ],
    ],
    ['may be longer than a record', `${long}\n${long}\na\n`, 2, [[3, 'a']]],
    ['may be all there are', 'a\nb\n', 2, []],
    ['may be more than there are', 'a\nb', 5, []],
    ['stand behind a byte order mark', '\uFEFFa\r\nb\r\n', 1, [[2, 'b']]],
  ])('%s', async (_, content, skipLines, expected) => {
    const records = await recordsOf(content, ';', skipLines);
    expect(records.map(({ line, text }) => [line, text])).toEqual(expected);
  });
});
