import { join } from 'node:path';
import type { DecimalMark } from '@countinghouse/tabular';
import { amountText, type Database, type EngineLimits, literal, withDuckDb } from '@countinghouse/duckdb';
import { type Field, fields, type Layout } from '../layouts/layout.js';
import { type CellReader, cellReaders } from '../reading/cell-readers.js';
import { netType, readCells, readDistinctCells, shownByMost } from '../reading/cells.js';
import { LineSet } from '../reading/line-set.js';
import { readMeanings } from '../reading/meanings.js';
import { netOf, numberMacros, quantityOf } from '../reading/number.sql.js';
import { type Rejection, writeRejectedLines } from '../reading/rejected-lines.js';
import { StatementFailure } from '../reading/statement-failure.js';
import { openStatementText, type StatementText } from '../reading/statement-text.js';
import { createLinesFile } from './lines-file.js';

export { StatementFailure } from '../reading/statement-failure.js';

export interface StatementRequest {
  /** The file as text: not packed, in any of the encodings that are told apart. */
  path: string;
  /** What the distributor's files may look like; the first whose columns the file has is taken. */
  layouts: readonly Layout[];
  /** YYYYMM. A file that names another one fails. */
  reportingMonth: string;
  /** ISO 4217, for a file that does not tell it. A file in another one fails. */
  currency?: string;
  /** In place of what the numbers show. */
  decimal?: DecimalMark;
  /** Percent of the lines read; one line more fails the statement. */
  maxRejectedPercent: number;
  /** An empty folder, for the results and for what is needed in between. */
  workDir: string;
  limits?: EngineLimits;
  /** Told the percentage done after each step. */
  onProgress?: (percent: number) => unknown;
}

export interface StatementLines {
  /** The lines file of all lines that are not rejected. */
  linesPath: string;
  /** CSV of `Line,Column,Reason,Raw`. */
  rejectedPath: string;
  currency: string;
  counts: { read: number; rejected: number };
  /** Exact sums over the lines that are not rejected, as decimal strings. */
  net: string;
  quantity: string;
}

/**
 * Reads a statement file into a lines file: every cell is checked as text before anything is converted, nothing is
 * rounded, and every line of the file is either in the lines file or among the rejected ones. Throws
 * `StatementFailure` when the file as a whole is wrong.
 */
export async function readStatement(request: StatementRequest): Promise<StatementLines> {
  const { workDir, limits = {}, onProgress } = request;
  const text = await openStatementText(request.path, request.layouts, workDir, request.currency);
  await onProgress?.(20);
  return withDuckDb(workDir, limits, async (database) => {
    await readCells(database, text, join(workDir, 'cells.parquet'));
    const mark = request.decimal ?? text.layout.decimal ?? (await shownByMost(database));
    await onProgress?.(50);
    await readDistinctCells(database, text);
    await onProgress?.(75);
    const readers = cellReaders(text.layout, mark);
    requireConstants(text, readers);
    await readMeanings(database, text, readers);
    await requireMonth(database, text, request.reportingMonth);
    const currency = await onlyCurrency(database, request.currency);
    await viewLinesRead(database, text, mark);
    const linesPath = join(workDir, 'lines.duckdb');
    const { lines, net, quantity } = await createLinesFile(database, linesPath, (file) => writeLines(database, file));
    await onProgress?.(90);
    const counts = { read: text.records + text.unreadable, rejected: text.records - lines + text.unreadable };
    const rejectedPath = join(workDir, 'rejected.csv');
    await rejectLines(database, text, readers, rejectedPath, counts, request.maxRejectedPercent);
    return { linesPath, rejectedPath, currency, counts, net, quantity };
  });
}

/** What every line has must mean something, else no line would. */
function requireConstants({ sources }: StatementText, readers: Readonly<Record<Field, CellReader>>): void {
  for (const field of fields) {
    const source = sources[field];
    const problem = 'constant' in source && readers[field](source.constant).problem;
    if (problem) throw new StatementFailure(`The ${field} of all lines, "${source.constant}", ${problem}`);
  }
}

async function requireMonth(database: Database, { layout }: StatementText, expected: string): Promise<void> {
  if (layout.columns.reportingMonth === undefined) return;
  const months = await database.rows<{ value: string }>(`
    SELECT DISTINCT value FROM read_reportingMonth WHERE value <> ${literal(expected)} ORDER BY value`);
  if (months.length === 0) return;
  const found = months.map(({ value }) => value).join(' and ');
  throw new StatementFailure(`The file is of reporting month ${found}, the upload says ${expected}`);
}

/** The one currency of the lines; what the upload says, or nothing, when no line has any. */
async function onlyCurrency(database: Database, expected: string | undefined): Promise<string> {
  const currencies = await database.rows<{ value: string }>(`
    SELECT DISTINCT value FROM read_currency WHERE value IS NOT NULL ORDER BY value`);
  const found = currencies.map(({ value }) => value);
  if (found.length > 1) {
    throw new StatementFailure(`The file has amounts in ${found.join(' and ')}; a statement has only one currency`);
  }
  const [currency = expected ?? ''] = found;
  if (expected && currency && currency !== expected) {
    throw new StatementFailure(`The amounts of the file are in ${currency}, the upload says ${expected}`);
  }
  return currency;
}

/** View `linesRead`: `cells` with their line numbers and their amounts, which are NULL where they are wrong. */
async function viewLinesRead(
  database: Database,
  { numberedCopy, headerLine }: StatementText,
  mark: DecimalMark,
): Promise<void> {
  await database.run(`
    ${numberMacros(mark)}
    CREATE VIEW linesRead AS
    SELECT ${numberedCopy ? 'line' : `row + ${headerLine + 1}`} AS line, itemHash, saleHash,
      ${quantityOf('cells.quantity')} AS quantity,
      ${netOf('cells.net', mark, await netType(database, mark))} AS net
    FROM cells`);
}

async function writeLines(database: Database, file: string): Promise<{ lines: number; net: string; quantity: string }> {
  // In this order each amount is read once; a condition in the first statement would read it again.
  await database.run(`
    CREATE TABLE ${file}.lines AS
      SELECT line, item, sale, quantity, net FROM linesRead JOIN items USING (itemHash) JOIN sales USING (saleHash);
    DELETE FROM ${file}.lines WHERE quantity IS NULL OR net IS NULL;
    CREATE TABLE ${file}.items AS SELECT * EXCLUDE (itemHash) FROM items;
    CREATE TABLE ${file}.sales AS SELECT * EXCLUDE (saleHash, reportingMonth) FROM sales`);
  return database.row(`
    SELECT CAST(count(*) AS DOUBLE) AS lines, ${amountText('sum(net)')} AS net,
      CAST(coalesce(sum(quantity), 0) AS VARCHAR) AS quantity
    FROM ${file}.lines`);
}

/** Writes down why lines are not taken; throws when they are too many. */
async function rejectLines(
  database: Database,
  text: StatementText,
  readers: Readonly<Record<Field, CellReader>>,
  path: string,
  counts: StatementLines['counts'],
  maxPercent: number,
): Promise<void> {
  const wrong = new LineSet();
  if (counts.rejected > text.unreadable) {
    const lines = database.batches<[number]>(`
      SELECT CAST(line AS DOUBLE)
      FROM linesRead LEFT JOIN items USING (itemHash) LEFT JOIN sales USING (saleHash)
      WHERE item IS NULL OR sale IS NULL OR quantity IS NULL OR net IS NULL`);
    for await (const batch of lines) for (const [line] of batch) wrong.add(line);
  }
  // In ten-thousandths of a percent, which are whole numbers: exactly the limit passes.
  const tooMany = counts.rejected * 1_000_000 > counts.read * Math.round(maxPercent * 10_000);
  const first = await writeRejectedLines(text, wrong, readers, path, tooMany ? 1 : counts.rejected);
  if (tooMany && first) throw new StatementFailure(tooManyMessage(counts, maxPercent, first));
}

function tooManyMessage({ read, rejected }: StatementLines['counts'], maxPercent: number, first: Rejection): string {
  const { line, column, reason } = first;
  const where = column ? `line ${line}, column "${column}"` : `line ${line}`;
  return `${rejected} of ${read} lines cannot be read, at most ${maxPercent} % may be so; the first is ${where}: ${reason}`;
}
