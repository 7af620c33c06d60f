// Peer: the lines in a table of PostgreSQL with an index, and for each split a statement that says what its users get of
// them, by month, store and country, as ours does; one statement for all lines that no split is for.
import { withDuckDb } from '../../packages/duckdb/dist/index.js';
import { from as copyFrom } from 'pg-copy-streams';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect } from './world.mjs';

export async function loadLines(world, { storageKey }) {
  const { platform } = world;
  const csv = join(platform.home, 'work', 'bench', 'lines.csv');
  await withDuckDb(join(platform.home, 'work', 'bench'), { memoryMiB: 1024 }, (database) =>
    database.run(`
      COPY (SELECT owner, isrc, store, country, usageType, salesMonth, streams + downloads, amount
            FROM read_parquet('${join(platform.home, 'objects', storageKey)}')) TO '${csv}' (FORMAT csv, HEADER false)`),
  );
  const client = await connect(platform, 'accounting');
  await client.query(`
    CREATE SCHEMA peer;
    CREATE TABLE peer.lines (owner uuid, isrc text, store text, country text, usage text, month text, quantity numeric,
                             amount numeric)`);
  await pipeline(createReadStream(csv), client.query(copyFrom('COPY peer.lines FROM STDIN (FORMAT csv)')));
  rmSync(csv);
  await client.query('CREATE INDEX ON peer.lines (isrc); ANALYZE peer.lines');
  return client;
}

/** Milliseconds. */
export async function oneSqlPerSplit(client, tenantId) {
  const { rows: splits } = await client.query(
    `SELECT isrc, array_agg(user_id::text) AS users, array_agg(share * 0.01) AS shares
     FROM split JOIN split_share ON split_share.tenant_id = split.tenant_id AND split_id = split.id
     WHERE split.tenant_id = $1 GROUP BY split.id, isrc`,
    [tenantId],
  );
  await client.query(`
    DROP TABLE IF EXISTS peer.totals;
    CREATE TABLE peer.totals (user_id uuid, month text, store text, country text, quantity numeric, royalty numeric)`);
  const start = performance.now();
  await client.query('BEGIN');
  for (const { isrc, users, shares } of splits) {
    await client.query({
      name: 'split',
      text: `
        INSERT INTO peer.totals
        SELECT user_id, month, store, country, sum(quantity), sum(amount * share)
        FROM peer.lines, unnest($2::uuid[], $3::numeric[]) AS shares (user_id, share)
        WHERE isrc = $1
        GROUP BY GROUPING SETS ((user_id), (user_id, month), (user_id, store), (user_id, country))`,
      values: [isrc, users, shares],
    });
  }
  await client.query(
    `INSERT INTO peer.totals
     SELECT owner, month, store, country, sum(quantity), sum(amount) FROM peer.lines
     WHERE NOT EXISTS (SELECT FROM split WHERE tenant_id = $1 AND split.isrc = lines.isrc)
     GROUP BY GROUPING SETS ((owner), (owner, month), (owner, store), (owner, country))`,
    [tenantId],
  );
  await client.query(
    `SELECT user_id, month, store, country, sum(quantity), sum(royalty) FROM peer.totals GROUP BY 1, 2, 3, 4`,
  );
  await client.query('COMMIT');
  return performance.now() - start;
}
