import type { MonthlyQuery } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { cutMonths, inCutMonth } from '../entries/entries.query.js';

/** Exact; what was voided is in none of them. */
export interface TransactionTotals {
  payment: string;
  revenue: string;
  expense: string;
  /** Revenue less payment and expense. */
  net: string;
}

const byType = `
  coalesce(trim_scale(sum(amount) FILTER (WHERE type = 'payment')), 0) AS payment,
  coalesce(trim_scale(sum(amount) FILTER (WHERE type = 'revenue')), 0) AS revenue,
  coalesce(trim_scale(sum(amount) FILTER (WHERE type = 'expense')), 0) AS expense,
  coalesce(trim_scale(sum(CASE type WHEN 'revenue' THEN amount ELSE -amount END)), 0) AS net`;

/** All there ever was. Requests are never booked: they are in no sum. */
export async function transactionTotals(manager: EntityManager, tenantId: number): Promise<TransactionTotals> {
  const [totals] = await manager.query(`SELECT ${byType} FROM entry_total WHERE tenant_id = $1 AND status = 'booked'`, [
    tenantId,
  ]);
  return totals;
}

/**
 * By month, `YYYY-MM`, from the first to the last day, or to where entries begin and end; with months that have none.
 */
export const transactionMonths = (
  manager: EntityManager,
  tenantId: number,
  { start, stop }: MonthlyQuery,
): Promise<(TransactionTotals & { month: string })[]> =>
  manager.query(monthly, [tenantId, start ?? null, stop ?? null]);

const monthly = `
  WITH bounds AS (
    SELECT date_trunc('month', coalesce($2::date, (SELECT min(transaction_date) FROM entry WHERE tenant_id = $1))::timestamp) AS first,
           coalesce($3::date, (SELECT max(transaction_date) FROM entry WHERE tenant_id = $1))::timestamp AS last
  ),
  months AS (SELECT to_char(day, 'YYYY-MM') AS month FROM bounds, generate_series(first, last, '1 month') AS day),
  cut AS (${cutMonths}),
  part AS (
    SELECT month, type, amount
    FROM entry_total
    WHERE tenant_id = $1 AND status = 'booked' AND month NOT IN (SELECT month FROM cut)
    UNION ALL
    SELECT cut.month, type, amount
    FROM cut JOIN entry ON tenant_id = $1 AND status = 'booked' AND ${inCutMonth}
  )
  SELECT month, ${byType}
  FROM months LEFT JOIN part USING (month)
  GROUP BY month
  ORDER BY month`;
