import type { EntityManager } from 'typeorm';
import type { Credit } from '../engine/evaluate-splits.js';

/** Adds credits to what users have had so far. */
export const addRoyaltyTotals = (manager: EntityManager, tenantId: number, credits: Credit[]): Promise<unknown> =>
  manager.query(
    `INSERT INTO royalty_total AS total (${names})
     SELECT $1, ${sums} FROM ${given} GROUP BY user_id, dimension, key ORDER BY user_id, dimension, key
     ON CONFLICT (tenant_id, user_id, dimension, key) DO UPDATE SET
       streams = total.streams + excluded.streams,
       streams_royalty = total.streams_royalty + excluded.streams_royalty,
       downloads = total.downloads + excluded.downloads,
       downloads_royalty = total.downloads_royalty + excluded.downloads_royalty,
       royalty = total.royalty + excluded.royalty`,
    [tenantId, ...valuesOf(credits)],
  );

/** Puts credits in the place of all that these users have. */
export async function replaceRoyaltyTotals(
  manager: EntityManager,
  tenantId: number,
  userIds: readonly string[],
  credits: Credit[],
): Promise<void> {
  await manager.query(`DELETE FROM royalty_total WHERE tenant_id = $1 AND user_id = ANY ($2::uuid[])`, [
    tenantId,
    userIds,
  ]);
  await manager.query(
    `INSERT INTO royalty_total (${names}) SELECT $1, ${sums} FROM ${given} GROUP BY user_id, dimension, key`,
    [tenantId, ...valuesOf(credits)],
  );
}

const names = `tenant_id, user_id, dimension, key, streams, streams_royalty, downloads, downloads_royalty, royalty`;
const sums = `user_id, dimension, key, sum(streams), sum(streams_royalty), sum(downloads), sum(downloads_royalty), sum(royalty)`;
const given = `
  unnest($2::uuid[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[])
    AS given (user_id, dimension, key, streams, streams_royalty, downloads, downloads_royalty, royalty)`;

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
