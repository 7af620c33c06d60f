import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { splitRecord } from './cells.js';
import { csvCell, textCell } from './csv-cell.js';
import type { Delimiter } from './records.js';

const texts = fc.array(
  fc.string({ unit: fc.constantFrom('a', 'é', '=', '-', '@', "'", '"', ';', ',', ' ', '\t', '\r', '\n', '\0') }),
  { minLength: 1 },
);
const delimiters = fc.constantFrom<Delimiter>(';', ',', '\t');

it.each([
  ['plain', 'plain'],
  ['', ''],
  ['a;b', '"a;b"'],
  ['a,b', 'a,b'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\rlines', '"two\rlines"'],
  ['-1.5', '-1.5'],
])('csvCell writes %j as %j', (text, cell) => {
  expect(csvCell(text, ';')).toBe(cell);
});

it.each([
  ['=1+1', "'=1+1"],
  ['+49', "'+49"],
  ['-x', "'-x"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', "'\tx"],
  ['\rx', `"'\rx"`],
  ['=A1;"x"', `"'=A1;""x"""`],
  ['a=1', 'a=1'],
  ["'quoted", "'quoted"],
])('textCell makes %j harmless as %j', (text, cell) => {
  expect(textCell(text, ';')).toBe(cell);
});

it('csvCell writes what splitRecord reads back', () => {
  fc.assert(
    fc.property(texts, delimiters, (cells, delimiter) => {
      const record = cells.map((text) => csvCell(text, delimiter)).join(delimiter);
      expect(splitRecord(record, delimiter)).toEqual(cells);
    }),
  );
});

it('textCell puts one apostrophe before a formula and changes nothing else', () => {
  fc.assert(
    fc.property(texts, delimiters, (cells, delimiter) => {
      const read = splitRecord(cells.map((text) => textCell(text, delimiter)).join(delimiter), delimiter);
      expect(read).toEqual(cells.map((text) => ('=+-@\t\r'.includes(text[0] ?? 'a') ? `'${text}` : text)));
    }),
  );
});
