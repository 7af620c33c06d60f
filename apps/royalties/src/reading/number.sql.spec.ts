import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DecimalMark, evidencePattern, undecidedPattern } from '@countinghouse/tabular';
import * as fc from 'fast-check';
import { type Database, withDuckDb } from '@countinghouse/duckdb';
import { layoutsOf } from '../layouts/index.js';
import { cellReaders } from './cell-readers.js';
import { netOf, numberMacros, quantityOf, shownMark } from './number.sql.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numbers-'));
});
afterAll(() => rm(folder, { recursive: true }));

const edges = `
  0|-0|.5|,5|5.|5-|(5)|1.2E-5|1E3|1E15|1E16|1E-15|1E-16|NaN|Infinity|1e400|0,123|1.234|1,234|1.234,5|1,234.5|1'234|1 234
  |999999999999999.999999999999999|-999999999999999|1000000000000000|0.0000000000000001|0.1000000000000000|00012|1.0|1.00-
  |12.50|1\u00A0234|`.split(/\n? *\|/);
const texts = [
  ...edges,
  ...fc.sample(
    fc.string({
      unit: fc.constantFrom('1', '20', '345', '00', '.', ',', '-', '−', '(', ')', ' ', 'E', 'e-', "'", '\u202F'),
      maxLength: 8,
    }),
    { numRuns: 20_000, seed: 1 },
  ),
];

const fits = (pattern: string, text: string) => new RegExp(`^(?:${pattern})$`).test(text);
const markOf = (text: string) =>
  [evidencePattern('point'), evidencePattern('comma'), undecidedPattern].findIndex((pattern) => fits(pattern, text)) +
  1;

/** The same value in one way of writing it. */
const plain = (decimal: string | undefined) => {
  if (decimal === undefined) return null;
  const [, sign, whole, decimals = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(decimal)!;
  return `${whole === '0' && decimals === '' ? '' : sign}${whole}${decimals && `.${decimals}`}`;
};

describe.each<DecimalMark>(['point', 'comma'])('with a decimal %s', (mark) => {
  const readAll = (database: Database) =>
    database.rows<{ text: string; quantity: string | null; net: string | null; shown: number }>(`
      SELECT text, CAST(${quantityOf('text')} AS VARCHAR) AS quantity,
        CAST(${netOf('text', mark, 'DECIMAL(38, 15)')} AS VARCHAR) AS net, ${shownMark('text')} AS shown
      FROM texts`);

  it('columns are read like single cells', async () => {
    const rows = await withDuckDb(folder, {}, async (database) => {
      await database.run(`CREATE TABLE texts (text VARCHAR); ${numberMacros(mark)}`);
      await database.append(
        'texts',
        texts.map((text) => [text]),
      );
      return readAll(database);
    });
    const { quantity, net } = cellReaders(layoutsOf('KONTOR')[0]!, mark);
    const asCells = rows.map(({ text }) => ({
      text,
      quantity: plain(quantity(text).value),
      net: plain(net(text).value),
      shown: markOf(text),
    }));
    const asColumns = rows.map((row) => ({
      ...row,
      quantity: plain(row.quantity ?? undefined),
      net: plain(row.net ?? undefined),
    }));
    expect(rows).toHaveLength(texts.length);
    expect(asColumns).toEqual(asCells);
    expect(asCells.filter((cell) => cell.net !== null).length).toBeGreaterThan(1000);
  });
});
