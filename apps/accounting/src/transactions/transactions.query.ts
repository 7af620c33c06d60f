import type { MonthlyQuery, TenantUser, TransactionsFilter, TransactionsQuery } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export interface TransactionRow {
  id: number;
  type: 'payment' | 'revenue' | 'expense' | 'paymentRequest';
  amount: string;
  currency: string;
  transactionDate: string;
  title: string;
  memo: string | null;
  status: string;
  TenantUser: TenantUser | null;
}

const columns = `
  entry.id, type, trim_scale(amount) AS amount, currency, transaction_date AS "transactionDate", title, memo, status,
  CASE WHEN known.id IS NOT NULL THEN json_build_object(
    'id', known.id, 'firstName', first_name, 'lastName', last_name,
    'fullName', trim(first_name || ' ' || last_name), 'email', email) END AS "TenantUser"`;

/** `$1` to `$5`: tenant, first day, last day, type, user. */
const filter = `
  entry.tenant_id = $1 AND ($2::date IS NULL OR transaction_date >= $2) AND ($3::date IS NULL OR transaction_date <= $3)
  AND ($4::text IS NULL OR type = $4) AND ($5::uuid IS NULL OR entry.user_id = $5)`;

const valuesOf = (tenantId: number, { start, end, type, userId }: TransactionsFilter): unknown[] => [
  tenantId,
  start ?? null,
  end ?? null,
  type ?? null,
  userId ?? null,
];

/** The newest first. */
export async function transactionsPage(
  manager: EntityManager,
  tenantId: number,
  { page, size, ...wanted }: TransactionsQuery,
): Promise<{ rows: TransactionRow[]; total: number }> {
  const values = valuesOf(tenantId, wanted);
  const rows: TransactionRow[] = await manager.query(
    `WITH page AS (
       SELECT * FROM entry WHERE ${filter} ORDER BY transaction_date DESC, id DESC LIMIT $6 OFFSET $7
     )
     SELECT ${columns.replaceAll('entry.', 'page.')}
     FROM page
     LEFT JOIN known_user AS known ON known.tenant_id = page.tenant_id AND known.id = page.user_id
     ORDER BY transaction_date DESC, page.id DESC`,
    [...values, size, (page - 1) * size],
  );
  const [{ total }] =
    wanted.userId === undefined
      ? await manager.query(countByMonth, values.slice(0, 4))
      : await manager.query(`SELECT count(*) AS total FROM entry WHERE ${filter}`, values);
  return { rows, total };
}

/** The months that the first or the last day, `$2` and `$3`, cuts in two. */
const cutMonths = `
  SELECT DISTINCT to_char(day, 'YYYY-MM') AS month, date_trunc('month', day::timestamp)::date AS first_day
  FROM unnest(ARRAY[
    CASE WHEN extract(day FROM $2::date) <> 1 THEN $2::date END,
    CASE WHEN extract(day FROM $3::date + 1) <> 1 THEN $3::date END]) AS day
  WHERE day IS NOT NULL`;

const inCutMonth = `
  transaction_date >= cut.first_day AND transaction_date < (cut.first_day + interval '1 month')::date
  AND ($2::date IS NULL OR transaction_date >= $2) AND ($3::date IS NULL OR transaction_date <= $3)`;

/** Whole months are counted already; only of those that are cut the entries are counted. */
const countByMonth = `
  WITH cut AS (${cutMonths}),
  part AS (
    SELECT entries FROM entry_total
    WHERE tenant_id = $1 AND ($4::text IS NULL OR type = $4) AND month NOT IN (SELECT month FROM cut)
      AND ($2::date IS NULL OR month >= to_char($2::date, 'YYYY-MM'))
      AND ($3::date IS NULL OR month <= to_char($3::date, 'YYYY-MM'))
    UNION ALL
    SELECT 1 FROM cut JOIN entry ON tenant_id = $1 AND ($4::text IS NULL OR type = $4) AND ${inCutMonth}
  )
  SELECT coalesce(sum(entries), 0)::bigint AS total FROM part`;

export interface MonthTotal {
  /** YYYY-MM */
  month: string;
  payment: string;
  revenue: string;
  expense: string;
  net: string;
}

const byType = (amount: string) => `
  coalesce(trim_scale(sum(${amount}) FILTER (WHERE type = 'payment')), 0) AS payment,
  coalesce(trim_scale(sum(${amount}) FILTER (WHERE type = 'revenue')), 0) AS revenue,
  coalesce(trim_scale(sum(${amount}) FILTER (WHERE type = 'expense')), 0) AS expense,
  coalesce(trim_scale(sum(CASE type WHEN 'revenue' THEN ${amount} WHEN 'payment' THEN -${amount} WHEN 'expense' THEN -${amount} END)), 0) AS net`;

/** All there ever was, without what was voided. */
export async function transactionTotals(manager: EntityManager, tenantId: number): Promise<Omit<MonthTotal, 'month'>> {
  const [totals] = await manager.query(`SELECT ${byType('amount')} FROM entry_total WHERE tenant_id = $1`, [tenantId]);
  return totals;
}

/** Month by month from the first to the last day, or to where entries begin and end; with months that have none. */
export const transactionMonths = (
  manager: EntityManager,
  tenantId: number,
  { start, stop }: MonthlyQuery,
): Promise<MonthTotal[]> => manager.query(monthly, [tenantId, start ?? null, stop ?? null]);

const monthly = `
  WITH bounds AS (
    SELECT date_trunc('month', coalesce($2::date, (SELECT min(transaction_date) FROM entry WHERE tenant_id = $1))::timestamp) AS first,
           coalesce($3::date, (SELECT max(transaction_date) FROM entry WHERE tenant_id = $1))::timestamp AS last
  ),
  months AS (SELECT to_char(day, 'YYYY-MM') AS month FROM bounds, generate_series(first, last, '1 month') AS day),
  cut AS (${cutMonths}),
  part AS (
    SELECT month, type, amount FROM entry_total WHERE tenant_id = $1 AND month NOT IN (SELECT month FROM cut)
    UNION ALL
    SELECT cut.month, type, amount
    FROM cut JOIN entry ON tenant_id = $1 AND status = 'booked' AND ${inCutMonth}
  )
  SELECT month, ${byType('amount')}
  FROM months LEFT JOIN part USING (month)
  GROUP BY month
  ORDER BY month`;
