import { rm } from 'node:fs/promises';
import { type Database, literal } from './duckdb.js';

/**
 * A lines file is a DuckDB file of three tables, written once:
 *
 * - `lines`: `line` (its number in the statement), `item`, `sale`, `quantity`, `net`, in the order of `line`;
 *   where they have owners also `owner`, `contract`, `sharePercent`, `royalty`, in the order of owner and line
 * - `items`: what was sold, each once: label, artist, releaseTitle, trackTitle, upc, isrc, catalogNumber, labelKey
 * - `sales`: when, where and how, each once: salesMonth, store, channelType, country, salesType, usageType,
 *   subscriptionType, currency
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
