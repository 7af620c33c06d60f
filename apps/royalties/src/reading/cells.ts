import { decideMark, type DecimalMark } from '@countinghouse/tabular';
import { type Database, literal } from '@countinghouse/duckdb';
import { itemFields, saleFields } from '../layouts/layout.js';
import { shownMark } from './number.sql.js';
import { StatementFailure } from './statement-failure.js';
import { columnName, columnsOf, recordsOf, textOf } from './statement.sql.js';
import type { StatementText } from './statement-text.js';

/**
 * Reads the file for its lines. View `cells`, over a Parquet file, has a row for every readable record: `row` counts
 * them in the file's order from 0, a hash stands for the texts of the item, another for those of the sale, the amounts
 * are as they are written, and `marks` has a bit for each of `shownMark` that one of the record's numbers shows.
 */
export async function readCells(database: Database, text: StatementText, path: string): Promise<void> {
  const columns = [
    ...(text.numberedCopy ? ['CAST(line AS BIGINT) AS line'] : []),
    `hash(${columnsOf(text, itemFields).join(', ')}) AS itemHash`,
    `hash(${columnsOf(text, saleFields).join(', ')}) AS saleHash`,
    `${textOf(text, 'quantity')} AS quantity`,
    `${textOf(text, 'net')} AS net`,
    `${text.numbers.map((at) => `(1 << ${shownMark(columnName(at))})`).join(' | ')} AS marks`,
  ];
  await database.run(`
    COPY (SELECT ${columns.join(', ')} FROM ${recordsOf(text)})
    TO ${literal(path)} (FORMAT parquet, COMPRESSION uncompressed);
    CREATE VIEW cells AS
      SELECT * EXCLUDE (file_row_number), file_row_number AS row
      FROM read_parquet(${literal(path)}, file_row_number = true)`);
  const { rows } = await database.row<{ rows: number }>('SELECT CAST(count(*) AS DOUBLE) AS rows FROM cells');
  if (rows !== text.records) throw new Error(`DuckDB read ${rows} records where there are ${text.records}`);
}

/**
 * Reads the file again for what occurs in it: tables `seenItems` and `seenSales` have each combination of texts once,
 * with its hash. That no two of them share a hash makes the hash as good as the texts for this file.
 */
export async function readDistinctCells(database: Database, text: StatementText): Promise<void> {
  const [itemColumns, saleColumns] = [columnsOf(text, itemFields), columnsOf(text, saleFields)];
  const all = [...new Set([...itemColumns, ...saleColumns])].join(', ');
  const [items, sales] = [itemColumns.join(', '), saleColumns.join(', ')];
  await database.run(`
    CREATE TABLE seen AS
      SELECT ${all}, grouping(item) = 0 AS isItem
      FROM (SELECT *, 0 AS item FROM ${recordsOf(text)})
      GROUP BY GROUPING SETS ((item, ${items}), (${sales}));
    CREATE TABLE seenItems AS SELECT hash(${items}) AS itemHash, ${items} FROM seen WHERE isItem;
    CREATE TABLE seenSales AS SELECT hash(${sales}) AS saleHash, ${sales} FROM seen WHERE NOT isItem;
    DROP TABLE seen`);
  const { shared } = await database.row<{ shared: number }>(`
    SELECT CAST((SELECT count(*) - count(DISTINCT itemHash) FROM seenItems)
              + (SELECT count(*) - count(DISTINCT saleHash) FROM seenSales) AS DOUBLE) AS shared`);
  if (shared > 0) throw new Error('Different combinations of cells have the same hash');
}

/** The decimal mark that most of the file's numbers show; throws when they do not tell. */
export async function shownByMost(database: Database): Promise<DecimalMark> {
  const evidence = await database.row<{ point: number; comma: number; undecided: number }>(`
    SELECT
      CAST(count(*) FILTER (marks & 2 > 0) AS DOUBLE) AS point,
      CAST(count(*) FILTER (marks & 4 > 0) AS DOUBLE) AS comma,
      CAST(count(*) FILTER (marks & 8 > 0) AS DOUBLE) AS undecided
    FROM cells`);
  const mark = decideMark(evidence);
  if (mark) return mark;
  throw new StatementFailure(
    evidence.point > 0
      ? 'As many numbers have a decimal point as a decimal comma; say with decimal=point or decimal=comma which is right'
      : 'The numbers do not tell whether 1.234 or 1,234 is a thousand; say with decimal=point or decimal=comma what the decimal mark is',
  );
}

/** The narrowest exact type that holds every net amount of the file of up to 15 digits before and behind the mark. */
export async function netType(database: Database, mark: DecimalMark): Promise<string> {
  const { whole, decimals, wide } = await database.row<{ whole: number; decimals: number; wide: number }>(`
    SELECT
      CAST(max(if(split > 0, split - 1, length(net))) AS DOUBLE) AS whole,
      CAST(max(if(split > 0, length(net) - split, 0)) AS DOUBLE) AS decimals,
      CAST(bool_or(contains(net, 'e') OR contains(net, 'E')) AS DOUBLE) AS wide
    FROM (SELECT net, strpos(net, '${mark === 'point' ? '.' : ','}') AS split FROM cells)`);
  const scale = Math.max(decimals, 1);
  return wide || whole + scale > 18 ? 'DECIMAL(38, 15)' : `DECIMAL(18, ${scale})`;
}
