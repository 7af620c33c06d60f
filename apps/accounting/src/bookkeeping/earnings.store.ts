import type { EarningsPublished, EarningsWithdrawn } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export interface Earnings {
  id: number;
  withdraws: number | null;
  statementId: number;
  distributor: string;
  /** Reporting month, YYYY-MM. */
  month: string;
  currency: string;
  storageKey: string;
  sha256: string;
  /** Exact sum of the rows; negative when they are taken back. */
  amount: string;
  /** How much of the tenant's currency one of theirs is. */
  rate: string;
  occurredAt: Date;
  /** Why the file cannot be read at present. */
  problem: string | null;
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
  earnings.currency, earnings.storage_key AS "storageKey", earnings.sha256, earnings.amount,
  earnings.occurred_at AS "occurredAt", earnings.problem`;

/**
 * Waits to be booked. What is taken back before it was booked never is, nor is the taking back: neither file is needed,
 * nor a rate. `first` is what earnings take back; `$1` the tenant.
 */
const waiting = `
  FROM earnings
  LEFT JOIN earnings AS first ON first.tenant_id = earnings.tenant_id AND first.id = earnings.withdraws
  LEFT JOIN exchange_rate ON exchange_rate.tenant_id = earnings.tenant_id
    AND exchange_rate.currency = earnings.currency AND exchange_rate.month = earnings.month
  WHERE earnings.tenant_id = $1 AND earnings.booked_at IS NULL
    AND (earnings.withdraws IS NULL OR first.booked_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM earnings AS back WHERE back.tenant_id = $1 AND back.withdraws = earnings.id)`;

/**
 * What can be booked, with its rate: the tenant's own currency, or a currency and month whose rate is there. What takes
 * back is converted as what it takes back was.
 */
export const earningsToBook = (manager: EntityManager, tenantId: number, currency: string): Promise<Earnings[]> =>
  manager.query(
    `SELECT ${columns},
       trim_scale(coalesce(first.rate, CASE WHEN earnings.currency = $2 THEN 1 ELSE exchange_rate.rate END)) AS rate
     ${waiting} AND (earnings.currency = $2 OR first.rate IS NOT NULL OR exchange_rate.rate IS NOT NULL)
     ORDER BY earnings.id`,
    [tenantId, currency],
  );

/** What is booked and has not been taken back. */
export const earningsInForce = (manager: EntityManager, tenantId: number): Promise<Earnings[]> =>
  manager.query(
    `SELECT ${columns}, trim_scale(earnings.rate) AS rate
     FROM earnings
     WHERE earnings.tenant_id = $1 AND earnings.booked_at IS NOT NULL AND earnings.withdraws IS NULL
       AND NOT EXISTS (
         SELECT FROM earnings AS back
         WHERE back.tenant_id = $1 AND back.withdraws = earnings.id AND back.booked_at IS NOT NULL)
     ORDER BY earnings.id`,
    [tenantId],
  );

/**
 * From now on they keep their rate, and so does their currency's month.
 *
 * @param currency the tenant's
 * @throws Error when they have been booked, or their rate was changed, meanwhile
 */
export async function saveEarningsBooked(
  manager: EntityManager,
  tenantId: number,
  { id, rate, currency: ofEarnings, month }: Earnings,
  currency: string,
  bookedAt: Date,
): Promise<void> {
  const [, booked] = await manager.query(
    `UPDATE earnings SET booked_at = $3, rate = $4 WHERE tenant_id = $1 AND id = $2 AND booked_at IS NULL`,
    [tenantId, id, bookedAt, rate],
  );
  if (booked === 0) throw new Error(`Earnings ${id} have been booked meanwhile`);
  if (ofEarnings === currency) return;
  const used = { currency: ofEarnings, month };
  if ((await useRate(manager, tenantId, used)) !== rate) throw new Error(`The rate of earnings ${id} was changed`);
}

/** A rate that is used stays. Answers it; null when there is none. */
export async function useRate(
  manager: EntityManager,
  tenantId: number,
  { currency, month }: { currency: string; month: string },
): Promise<string | null> {
  const [[used]] = await manager.query(
    `UPDATE exchange_rate SET is_used = true WHERE tenant_id = $1 AND currency = $2 AND month = $3
     RETURNING trim_scale(rate) AS rate`,
    [tenantId, currency, month],
  );
  return used?.rate ?? null;
}

export const noteProblem = (
  manager: EntityManager,
  tenantId: number,
  id: number,
  problem: string | null,
): Promise<unknown> =>
  manager.query(`UPDATE earnings SET problem = $3 WHERE tenant_id = $1 AND id = $2`, [tenantId, id, problem]);

export interface DelayedEarnings {
  currency: string;
  month: string;
  amount: string;
  reason: string;
}

/** What waits for an exchange rate, and what cannot be read. */
export const delayedEarnings = (
  manager: EntityManager,
  tenantId: number,
  currency: string,
): Promise<DelayedEarnings[]> =>
  manager.query(
    `SELECT currency, month, reason, trim_scale(sum(amount)) AS amount
     FROM (
       SELECT earnings.currency, earnings.month, earnings.amount, 'There is no exchange rate' AS reason
       ${waiting} AND earnings.currency <> $2 AND first.rate IS NULL AND exchange_rate.rate IS NULL
       UNION ALL
       SELECT currency, month, amount, 'Earnings ' || id || ': ' || problem
       FROM earnings
       WHERE tenant_id = $1 AND problem IS NOT NULL
         AND NOT EXISTS (SELECT FROM earnings AS back WHERE back.tenant_id = $1 AND back.withdraws = earnings.id)
     ) AS waiting
     GROUP BY currency, month, reason
     ORDER BY currency, month, reason`,
    [tenantId, currency],
  );
