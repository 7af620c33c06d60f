import type { MonthlyQuery } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

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

/** With neither first nor last day, the month of the first entry is the first, and that of the last the last. */
const monthly = `
  WITH totals AS (SELECT * FROM entry_total WHERE tenant_id = $1),
  months AS (
    SELECT to_char(generate_series(
      date_trunc('month', coalesce($2::date, (SELECT min(day) FROM totals))::timestamp),
      coalesce($3::date, (SELECT max(day) FROM totals))::timestamp, '1 month'), 'YYYY-MM') AS month
  ),
  booked AS (
    SELECT to_char(day, 'YYYY-MM') AS month, type, amount
    FROM totals
    WHERE status = 'booked' AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day <= $3)
  )
  SELECT month, ${byType}
  FROM months LEFT JOIN booked USING (month)
  GROUP BY month
  ORDER BY month`;
