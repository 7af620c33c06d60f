import { expect, it } from '@jest/globals';
import { splitRecord } from './cells.js';
import { type Delimiter, longestRecord } from './records.js';

it.each<[string, Delimiter, string[]]>([
  ['', ';', ['']],
  [';', ';', ['', '']],
  ['a;b', ',', ['a;b']],
  ['"a;b";c', ';', ['a;b', 'c']],
  ['"a""b" ;', ';', ['a"b', '']],
  ['12" Mix\t"x\ny"', '\t', ['12" Mix', 'x\ny']],
  [' a ; b', ';', [' a ', ' b']],
  ['a\0;\r', ';', ['a\0', '\r']],
  ['"x";"never closed', ';', ['x', '"never closed']],
])('splitRecord cuts %j at %j', (record, delimiter, cells) => {
  expect(splitRecord(record, delimiter)).toEqual(cells);
});

it('splitRecord reads the longest record, be it all quotes', () => {
  const quotes = longestRecord / 2 - 1;
  expect(splitRecord(`"${'""'.repeat(quotes)}"`, ';')).toEqual(['"'.repeat(quotes)]);
});
