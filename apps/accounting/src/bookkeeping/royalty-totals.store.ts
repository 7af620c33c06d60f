import type { EntityManager } from 'typeorm';
import type { Credit } from '../engine/evaluate-splits.js';

/** As many rows as go into one statement. */
const rowsAtOnce = 10_000;

/** Adds credits, negative ones too, to what users have had so far; what comes to nothing is not kept. */
export async function addRoyaltyTotals(
  manager: EntityManager,
  tenantId: number,
  batches: AsyncIterable<Credit[]>,
): Promise<void> {
  for await (const credits of inBatches(batches)) {
    await manager.query(
      `INSERT INTO royalty_total AS total (${names}) SELECT $1, ${sums} FROM ${given}
       ON CONFLICT (tenant_id, user_id, dimension, key) DO UPDATE SET
         streams = total.streams + excluded.streams,
         streams_royalty = total.streams_royalty + excluded.streams_royalty,
         downloads = total.downloads + excluded.downloads,
         downloads_royalty = total.downloads_royalty + excluded.downloads_royalty,
         royalty = total.royalty + excluded.royalty`,
      [tenantId, ...valuesOf(credits)],
    );
    if (!credits.some(isNegative)) continue;
    await manager.query(
      `DELETE FROM royalty_total WHERE tenant_id = $1 AND user_id = ANY ($2::uuid[])
         AND streams = 0 AND streams_royalty = 0 AND downloads = 0 AND downloads_royalty = 0 AND royalty = 0`,
      [tenantId, [...new Set(credits.map(({ userId }) => userId))]],
    );
  }
}

const isNegative = ({ streams, streamsRoyalty, downloads, downloadsRoyalty, royalty }: Credit): boolean =>
  [streams, streamsRoyalty, downloads, downloadsRoyalty, royalty].some((figure) => figure.startsWith('-'));

async function* inBatches(batches: AsyncIterable<Credit[]>): AsyncGenerator<Credit[]> {
  let credits: Credit[] = [];
  for await (const batch of batches) {
    credits.push(...batch);
    if (credits.length < rowsAtOnce) continue;
    yield credits;
    credits = [];
  }
  if (credits.length > 0) yield credits;
}

/** Puts credits in the place of all that these users have; writes only what differs. */
export const replaceRoyaltyTotals = (
  manager: EntityManager,
  tenantId: number,
  userIds: readonly string[],
  credits: Credit[],
): Promise<unknown> =>
  manager.query(
    `WITH due AS MATERIALIZED (SELECT $1::integer AS tenant_id, ${sums} FROM ${given}),
     gone AS (
       DELETE FROM royalty_total AS total WHERE tenant_id = $1 AND user_id = ANY ($10::uuid[])
         AND NOT EXISTS (SELECT FROM due WHERE (due.user_id, due.dimension, due.key) = (total.user_id, total.dimension, total.key))
     )
     INSERT INTO royalty_total AS total (${names}) SELECT ${names} FROM due
     ON CONFLICT (tenant_id, user_id, dimension, key) DO UPDATE SET (${figures}) = (${ofEach('excluded')})
       WHERE (${ofEach('total')}) <> (${ofEach('excluded')})`,
    [tenantId, ...valuesOf(credits), userIds],
  );

const figures = `streams, streams_royalty, downloads, downloads_royalty, royalty`;
const ofEach = (table: string): string => figures.replaceAll(/\w+/g, `${table}.$&`);
const names = `tenant_id, user_id, dimension, key, ${figures}`;
const sums = `user_id, dimension, key, ${figures.replaceAll(/\w+/g, 'sum($&) AS $&')}`;
const given = `
  unnest($2::uuid[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
    AS given (user_id, dimension, key, ${figures})
  GROUP BY user_id, dimension, key ORDER BY user_id, dimension, key`;

const valuesOf = (credits: Credit[]): unknown[][] => [
  credits.map(({ userId }) => userId),
  credits.map(({ dimension }) => dimension),
  credits.map(({ key }) => key),
  credits.map(({ streams }) => streams),
  credits.map(({ streamsRoyalty }) => streamsRoyalty),
  credits.map(({ downloads }) => downloads),
  credits.map(({ downloadsRoyalty }) => downloadsRoyalty),
  credits.map(({ royalty }) => royalty),
];
