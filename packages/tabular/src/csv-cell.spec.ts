import { expect, it } from '@jest/globals';
import { csvCell, textCell } from './csv-cell.js';

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
