import type { RoyaltyGroup, RoyaltyRow } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

/** What is in force of a user, or of everybody for null, by the group's keys: the largest royalty first. */
export const royaltyRows = (
  manager: EntityManager,
  tenantId: number,
  userId: string | null,
  group: RoyaltyGroup,
): Promise<RoyaltyRow[]> =>
  manager.query(
    `WITH total AS (
       SELECT part.key, currency, sum(part.streams) AS streams, sum(part.streams_royalty) AS streams_royalty,
              sum(part.downloads) AS downloads, sum(part.downloads_royalty) AS downloads_royalty,
              sum(part.royalty) AS royalty
       FROM royalty_total
       JOIN earnings USING (tenant_id, booking_id)
       CROSS JOIN unnest(keys, streams, streams_royalties, downloads, downloads_royalties, royalties)
         AS part (key, streams, streams_royalty, downloads, downloads_royalty, royalty)
       WHERE tenant_id = $1 AND grouping = $2 AND user_id ${userId === null ? 'IS NULL' : '= $3'}
       GROUP BY part.key, currency
     )
     SELECT key, currency, streams, trim_scale(streams_royalty) AS "streamsRoyalty", downloads,
            trim_scale(downloads_royalty) AS "downloadsRoyalty", trim_scale(royalty) AS royalty
     FROM total
     ORDER BY total.royalty DESC, key COLLATE "C", currency`,
    userId === null ? [tenantId, group] : [tenantId, group, userId],
  );
