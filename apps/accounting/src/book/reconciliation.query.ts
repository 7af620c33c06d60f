import type { EntityManager } from 'typeorm';

/** The rates by which earnings are booked, by currency and month such as `USD 2025-08`. */
export async function usedRates(manager: EntityManager, tenantId: number): Promise<Map<string, string>> {
  const rows: { currency: string; month: string; rate: string }[] = await manager.query(
    `SELECT currency, month, trim_scale(rate) AS rate FROM exchange_rate WHERE tenant_id = $1 AND is_used`,
    [tenantId],
  );
  return new Map(rows.map(({ currency, month, rate }) => [`${currency} ${month}`, rate]));
}

/** Of all accounts in all currencies; zero, or the book is wrong. */
export async function postingsSum(manager: EntityManager, tenantId: number): Promise<string> {
  const [{ total }] = await manager.query(
    `SELECT coalesce(trim_scale(sum(abs(amount))), 0) AS total
     FROM (SELECT sum(amount) AS amount FROM account_balance WHERE tenant_id = $1 GROUP BY currency) AS sums`,
    [tenantId],
  );
  return total;
}
