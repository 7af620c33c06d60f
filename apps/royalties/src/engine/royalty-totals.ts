import { type RoyaltyGroup, royaltyGroups } from '@countinghouse/contracts';
import type { Database, Row } from '@countinghouse/duckdb';

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

const figures = {
  streams: `if(usageType = 'stream', quantity, 0)`,
  streamsRoyalties: `if(usageType = 'stream', amount, 0)`,
  downloads: `if(usageType = 'download', quantity, 0)`,
  downloadsRoyalties: `if(usageType = 'download', amount, 0)`,
  royalties: 'amount',
};

/** The totals of table `earnings`. */
export async function royaltyTotals(database: Database): Promise<RoyaltyTotals> {
  await database.run(`
    CREATE TABLE sums AS
      SELECT owner, '' AS "group", '' AS key, usageType, sum(quantity) AS quantity, sum(amount) AS amount
      FROM earnings WHERE false GROUP BY ALL`);
  // One after the other: all at once would need the memory of each. Usage types become columns afterwards, of few rows.
  for (const group of royaltyGroups) {
    await database.run(`
      INSERT INTO sums
      SELECT owner, '${group}', CAST(${columnOf[group]} AS VARCHAR), usageType, sum(quantity), sum(amount)
      FROM earnings GROUP BY owner, ${columnOf[group]}, usageType`);
  }
  const quotedKey = `'"' || replace(replace(key, '\\', '\\\\'), '"', '\\"') || '"'`;
  return database.row<RoyaltyTotals>(`
    WITH totals AS (
      SELECT owner, "group", key, ${each((figure) => `sum(${figures[figure]}) AS ${figure}`)}
      FROM sums GROUP BY GROUPING SETS ((owner, "group", key), ("group", key))
      ORDER BY owner, "group", key
    )
    SELECT ${arrayOf('owner')} AS owners, ${arrayOf('"group"')} AS groups, ${arrayOf(quotedKey)} AS keys,
      ${each((figure) => `${arrayOf(figure)} AS ${figure}`)}
    FROM totals`);
}

const each = (sqlOf: (figure: keyof typeof figures) => string): string =>
  (Object.keys(figures) as (keyof typeof figures)[]).map(sqlOf).join(', ');

const arrayOf = (value: string): string => `'{' || string_agg(coalesce(CAST(${value} AS VARCHAR), 'NULL'), ',') || '}'`;
