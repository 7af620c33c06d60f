import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { withDuckDb } from '@countinghouse/duckdb';
import { engineInFolder } from '../../test/engine.js';
import type { Field } from '../layouts/layout.js';
import { cellOf, type Source, sourceSql } from './source.js';

const { newFolder } = engineInFolder();

const sources: readonly (readonly [Source, Field])[] = [
  [{ constant: "it's" }, 'label'],
  [{ columns: [1], join: 'first' }, 'label'],
  [{ columns: [0, 1, 2], join: 'first' }, 'artist'],
  [{ columns: [2, 1], join: 'first' }, 'isrc'],
  [{ columns: [0, 2, 1], join: 'first' }, 'upc'],
  [{ columns: [0, 2], join: 'period' }, 'salesMonth'],
  [{ when: 0, is: 'x', take: 1, otherwise: 2 }, 'quantity'],
  [{ when: 2, is: "a'b", take: 0, otherwise: 1 }, 'quantity'],
];

/** Cells that are blank to some, that are codes, and that are hard to quote. */
const cell = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'x',
    ' x ',
    "a'b",
    'DEA622500001',
    ' de-a62-25-00001',
    '4260123459598',
    '123',
    '\\',
    '\u0130',
  ),
  fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u00A0', '\u3000', '\uFEFF', 'x', 'é', '–', '-'), maxLength: 4 }),
);

it('says the same of a row in SQL as of its cells', async () => {
  const rows = fc.sample(fc.tuple(cell, cell, cell), { numRuns: 2000, seed: 1 });
  await withDuckDb(await newFolder(), {}, async (database) => {
    await database.run('CREATE TABLE cells (row VARCHAR, c0 VARCHAR, c1 VARCHAR, c2 VARCHAR)');
    await database.append(
      'cells',
      rows.map((cells, at) => [`${at}`, ...cells]),
    );
    for (const [source, field] of sources) {
      const text = sourceSql(source, field, (at) => `c${at}`);
      const found = await database.rows<{ row: string; text: string }>(`SELECT row, '|' || ${text} AS text FROM cells`);
      for (const { row, text } of found) {
        const cells = rows[Number(row)]!;
        expect([source, cells, text]).toEqual([source, cells, `|${cellOf(source, field, cells).text}`]);
      }
      expect(found).toHaveLength(rows.length);
    }
  });
});

it.each<[readonly string[], Source, Field, string, number | null]>([
  [['', 'b', 'c'], { columns: [0, 1, 2], join: 'first' }, 'artist', 'b', 1],
  [[' ', 'USTCZ0928423'], { columns: [0, 1], join: 'first' }, 'isrc', 'USTCZ0928423', 1],
  [['', '1234567'], { columns: [0, 1], join: 'first' }, 'isrc', '', 0],
  [['bad', 'USTCZ0928423'], { columns: [0, 1], join: 'first' }, 'isrc', 'bad', 0],
  [['Product', '1', '9'], { when: 0, is: 'Product', take: 1, otherwise: 2 }, 'quantity', '1', 1],
  [['Asset', '1', '9'], { when: 0, is: 'Product', take: 1, otherwise: 2 }, 'quantity', '9', 2],
  [['1', '2'], { columns: [0, 1], join: 'period' }, 'salesMonth', '1 – 2', 0],
  [['1'], { constant: 'x' }, 'label', 'x', null],
])('of %j, %j as %s is %j from column %s', (cells, source, field, text, column) => {
  expect(cellOf(source, field, cells)).toEqual({ text, column });
});

it('takes no longer than a long cell is', () => {
  const cells = [`${' '.repeat(1_000_000)}x${' '.repeat(1_000_000)}`, ''];
  expect(cellOf({ when: 0, is: 'x', take: 0, otherwise: 1 }, 'label', cells).column).toBe(0);
});
