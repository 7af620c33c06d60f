import type { ExchangeRate, ListExchangeRates } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

/** `$2` is the tenant's currency. */
const columns = `
  currency AS "from", $2 AS "to", month, trim_scale(rate) AS rate, is_used AS "isUsed",
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"`;

/** Null when the month has a rate that is in use already. */
export async function saveExchangeRate(
  manager: EntityManager,
  tenantId: number,
  { from, to, month, rate }: Pick<ExchangeRate, 'from' | 'to' | 'month' | 'rate'>,
  now: Date,
): Promise<ExchangeRate | null> {
  const [saved] = await manager.query(
    `INSERT INTO exchange_rate AS known (tenant_id, currency, month, rate, created_at) VALUES ($1, $3, $4, $5, $6)
     ON CONFLICT (tenant_id, currency, month) DO UPDATE SET rate = excluded.rate, created_at = excluded.created_at
       WHERE NOT known.is_used
     RETURNING ${columns}`,
    [tenantId, to, from, month, rate, now],
  );
  return saved ?? null;
}

export async function listExchangeRates(
  manager: EntityManager,
  tenantId: number,
  currency: string,
  { from, month, page, size }: ListExchangeRates,
): Promise<{ items: ExchangeRate[]; total: number }> {
  const where = `tenant_id = $1 AND $2 <> '' AND ($3::text IS NULL OR currency = $3) AND ($4::text IS NULL OR month = $4)`;
  const values = [tenantId, currency, from ?? null, month ?? null];
  const [{ total }] = await manager.query(`SELECT count(*) AS total FROM exchange_rate WHERE ${where}`, values);
  const items: ExchangeRate[] = await manager.query(
    `SELECT ${columns} FROM exchange_rate WHERE ${where} ORDER BY month DESC, currency LIMIT $5 OFFSET $6`,
    [...values, size, (page - 1) * size],
  );
  return { items, total };
}
