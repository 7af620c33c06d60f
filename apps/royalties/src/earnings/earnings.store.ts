import type { EarningsPublished } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import type { RoyaltyTotals } from '../engine/royalty-totals.js';

/** An earnings file in object storage. */
export interface StoredEarnings {
  storageKey: string;
  sha256: string;
  rows: number;
  /** Exact sum of the rows; a decimal string. */
  amount: string;
  totals: RoyaltyTotals;
}

export async function saveEarnings(
  manager: EntityManager,
  tenantId: number,
  { earningsId, currency, storageKey, sha256, rows, amount }: EarningsPublished,
): Promise<void> {
  await manager.query(
    `INSERT INTO earnings (tenant_id, booking_id, currency, storage_key, sha256, rows, amount)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, earningsId, currency, storageKey, sha256, rows, amount],
  );
}

export async function saveTotals(
  manager: EntityManager,
  tenantId: number,
  bookingId: number,
  totals: RoyaltyTotals,
): Promise<void> {
  await manager.query(
    `INSERT INTO royalty_total (tenant_id, booking_id, user_id, grouping, keys, streams, streams_royalties, downloads,
                                downloads_royalties, royalties)
     SELECT $1, $2, user_id, grouping, array_agg(key), array_agg(streams), array_agg(streams_royalty),
            array_agg(downloads), array_agg(downloads_royalty), array_agg(royalty)
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[],
                 $10::numeric[])
       AS total (user_id, grouping, key, streams, streams_royalty, downloads, downloads_royalty, royalty)
     GROUP BY user_id, grouping`,
    [
      tenantId,
      bookingId,
      totals.owners,
      totals.groups,
      totals.keys,
      totals.streams,
      totals.streamsRoyalties,
      totals.downloads,
      totals.downloadsRoyalties,
      totals.royalties,
    ],
  );
}

/** What was made known of the booking that this one reverses; null when that was nothing. */
export async function findReversed(
  manager: EntityManager,
  tenantId: number,
  bookingId: number,
): Promise<EarningsPublished | null> {
  const [earnings]: EarningsPublished[] = await manager.query(
    `SELECT earnings.booking_id AS "earningsId", statement.id AS "statementId", statement.distributor,
            statement.reporting_month AS "reportingMonth", earnings.currency, earnings.storage_key AS "storageKey",
            earnings.sha256, earnings.rows, trim_scale(earnings.amount) AS amount
     FROM booking AS reversal
     JOIN earnings ON earnings.tenant_id = reversal.tenant_id AND earnings.booking_id = reversal.reverses
     JOIN statement ON statement.tenant_id = reversal.tenant_id AND statement.id = reversal.statement_id
     WHERE reversal.tenant_id = $1 AND reversal.id = $2`,
    [tenantId, bookingId],
  );
  return earnings ?? null;
}

export async function deleteTotals(manager: EntityManager, tenantId: number, bookingId: number): Promise<void> {
  await manager.query(`DELETE FROM royalty_total WHERE tenant_id = $1 AND booking_id = $2`, [tenantId, bookingId]);
}
