import type { EarningsPublished, EarningsWithdrawn } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export interface Earnings {
  id: number;
  withdraws: number | null;
  statementId: number;
  distributor: string;
  /** Reporting month, YYYY-MM. */
  month: string;
  storageKey: string;
  /** Exact sum of the rows; negative when they are taken back. */
  amount: string;
  /** How much of the tenant's currency one of theirs is. */
  rate: string;
  occurredAt: Date;
}

/** Keeps what royalties has published until it is booked. */
export const saveEarnings = (
  manager: EntityManager,
  tenantId: number,
  earnings: EarningsPublished & Partial<EarningsWithdrawn>,
  occurredAt: string,
): Promise<unknown> =>
  manager.query(
    `INSERT INTO earnings (tenant_id, id, withdraws, statement_id, distributor, month, currency, storage_key, sha256,
                           rows, amount, occurred_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tenantId,
      earnings.earningsId,
      earnings.withdraws ?? null,
      earnings.statementId,
      earnings.distributor,
      `${earnings.reportingMonth.slice(0, 4)}-${earnings.reportingMonth.slice(4)}`,
      earnings.currency,
      earnings.storageKey,
      earnings.sha256,
      earnings.rows,
      earnings.amount,
      occurredAt,
    ],
  );

const columns = `
  earnings.id, earnings.withdraws, earnings.statement_id AS "statementId", earnings.distributor, earnings.month,
  earnings.storage_key AS "storageKey", earnings.amount, earnings.occurred_at AS "occurredAt"`;

/**
 * What can be booked, with its rate: the tenant's own currency, or a currency and month whose rate is there. What takes
 * back is converted as what it takes back was, and never before that.
 */
export const earningsToBook = (manager: EntityManager, tenantId: number, currency: string): Promise<Earnings[]> =>
  manager.query(
    `SELECT ${columns}, coalesce(first.rate, CASE WHEN earnings.currency = $2 THEN 1 ELSE exchange_rate.rate END) AS rate
     FROM earnings
     LEFT JOIN earnings AS first ON first.tenant_id = earnings.tenant_id AND first.id = earnings.withdraws
     LEFT JOIN exchange_rate ON exchange_rate.tenant_id = earnings.tenant_id
       AND exchange_rate.currency = earnings.currency AND exchange_rate.month = earnings.month
     WHERE earnings.tenant_id = $1 AND earnings.booked_at IS NULL
       AND (earnings.currency = $2 OR exchange_rate.rate IS NOT NULL)
       AND (earnings.withdraws IS NULL OR first.booked_at IS NOT NULL)
     ORDER BY earnings.id`,
    [tenantId, currency],
  );

/** What is booked and has not been taken back. */
export const earningsInForce = (manager: EntityManager, tenantId: number): Promise<Earnings[]> =>
  manager.query(
    `SELECT ${columns}, earnings.rate
     FROM earnings
     WHERE earnings.tenant_id = $1 AND earnings.booked_at IS NOT NULL AND earnings.withdraws IS NULL
       AND NOT EXISTS (
         SELECT FROM earnings AS back
         WHERE back.tenant_id = $1 AND back.withdraws = earnings.id AND back.booked_at IS NOT NULL)
     ORDER BY earnings.id`,
    [tenantId],
  );

/** From now on they keep their rates. Throws when another process has booked them meanwhile. */
export async function saveEarningsBooked(
  manager: EntityManager,
  tenantId: number,
  booked: readonly Earnings[],
  bookedAt: Date,
): Promise<void> {
  const [, changed] = await manager.query(
    `UPDATE earnings SET booked_at = $2, rate = booked.rate
     FROM unnest($3::bigint[], $4::numeric[]) AS booked (id, rate)
     WHERE earnings.tenant_id = $1 AND earnings.id = booked.id AND earnings.booked_at IS NULL`,
    [tenantId, bookedAt, booked.map(({ id }) => id), booked.map(({ rate }) => rate)],
  );
  if (changed !== booked.length) throw new Error('Some of the earnings have been booked meanwhile');
  await manager.query(
    `UPDATE exchange_rate SET is_used = true
     FROM earnings
     WHERE exchange_rate.tenant_id = $1 AND NOT is_used AND earnings.tenant_id = $1 AND earnings.id = ANY ($2)
       AND earnings.currency = exchange_rate.currency AND earnings.month = exchange_rate.month`,
    [tenantId, booked.map(({ id }) => id)],
  );
}

export interface DelayedEarnings {
  currency: string;
  month: string;
  amount: string;
}

/** What waits for an exchange rate. */
export const delayedEarnings = (
  manager: EntityManager,
  tenantId: number,
  currency: string,
): Promise<DelayedEarnings[]> =>
  manager.query(
    `SELECT currency, month, trim_scale(sum(amount)) AS amount
     FROM earnings
     WHERE tenant_id = $1 AND booked_at IS NULL AND currency <> $2
       AND NOT EXISTS (
         SELECT FROM exchange_rate AS known
         WHERE known.tenant_id = $1 AND known.currency = earnings.currency AND known.month = earnings.month)
     GROUP BY currency, month
     ORDER BY currency, month`,
    [tenantId, currency],
  );
