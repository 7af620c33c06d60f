import { rm } from 'node:fs/promises';
import { type Database, literal } from '@countinghouse/duckdb';

/**
 * A lines file is a DuckDB file that is written once, a small star of tables:
 *
 * - `lines`: `line`, its number in the statement, `item`, `sale`, `quantity`, `net`
 * - `items`: what was sold: label, artist, releaseTitle, trackTitle, upc, isrc, catalogNumber, labelKey
 * - `sales`: when, where and how: salesMonth, store, channelType, country, salesType, usageType, subscriptionType, currency
 *
 * Where the lines have owners, `lines` also has `owner`, `contract`, `sharePercent` and `royalty` and is in the order of
 * owner and line, and `owners` has the user of each owner.
 */
export async function createLinesFile<T>(
  database: Database,
  path: string,
  write: (schema: string) => Promise<T>,
): Promise<T> {
  await rm(path, { force: true });
  await database.run(`ATTACH ${literal(path)} AS created`);
  const written = await write('created');
  await database.run('DETACH created');
  return written;
}

export const openLinesFile = (database: Database, path: string, name: string): Promise<void> =>
  database.run(`ATTACH ${literal(path)} AS ${name} (READ_ONLY)`);

/** A lines file with owners, and whether its amounts count or are taken back. */
export interface ReportPart {
  path: string;
  sign: 1 | -1;
}
