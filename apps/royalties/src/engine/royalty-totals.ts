import { type RoyaltyGroup, royaltyGroups } from '@countinghouse/contracts';
import type { Database, Row } from './duckdb.js';

/**
 * What each owner, and everybody together, earned by the keys of each group. Arrays of the same length as PostgreSQL
 * writes them, because there may be a million entries and they are only handed on.
 */
export interface RoyaltyTotals extends Row {
  /** UUIDs of users; NULL for everybody. */
  owners: string;
  groups: string;
  keys: string;
  streams: string;
  streamsRoyalties: string;
  downloads: string;
  downloadsRoyalties: string;
  royalties: string;
}

const columnOf: Record<RoyaltyGroup, string> = {
  month: 'salesMonth',
  dsp: 'store',
  country: 'country',
  artist: 'artist',
  product: 'upc',
  asset: 'isrc',
  saletype: 'usageType',
};

const sums = {
  streams: `sum(if(usageType = 'stream', quantity, 0))`,
  streamsRoyalties: `sum(if(usageType = 'stream', amount, 0))`,
  downloads: `sum(if(usageType = 'download', quantity, 0))`,
  downloadsRoyalties: `sum(if(usageType = 'download', amount, 0))`,
  royalties: 'sum(amount)',
};
const figures = Object.keys(sums) as (keyof typeof sums)[];
const each = (sqlOf: (figure: keyof typeof sums) => string): string => figures.map(sqlOf).join(', ');

/** The totals of table `earnings`. */
export async function royaltyTotals(database: Database): Promise<RoyaltyTotals> {
  await database.run(`
    CREATE TABLE totals AS
      SELECT owner, '' AS "group", '' AS key, ${each((figure) => `${sums[figure]} AS ${figure}`)}
      FROM earnings WHERE false GROUP BY owner`);
  // One after the other: all at once would need the memory of each.
  for (const group of royaltyGroups) {
    await database.run(`
      INSERT INTO totals
      SELECT owner, '${group}', CAST(${columnOf[group]} AS VARCHAR), ${Object.values(sums).join(', ')}
      FROM earnings GROUP BY owner, ${columnOf[group]}`);
  }
  await database.run(`
    INSERT INTO totals
    SELECT NULL, "group", key, ${each((figure) => `sum(${figure})`)} FROM totals GROUP BY "group", key`);
  const quotedKey = `'"' || replace(replace(key, '\\', '\\\\'), '"', '\\"') || '"'`;
  return database.row<RoyaltyTotals>(`
    SELECT ${arrayOf('owner')} AS owners, ${arrayOf('"group"')} AS groups, ${arrayOf(quotedKey)} AS keys,
      ${each((figure) => `${arrayOf(figure)} AS ${figure}`)}
    FROM totals`);
}

const arrayOf = (value: string): string =>
  `'{' || string_agg(coalesce(CAST(${value} AS VARCHAR), 'NULL'), ',' ORDER BY owner, "group", key) || '}'`;
