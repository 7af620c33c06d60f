import type { TransactionPosition, TransactionsFilter } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export interface ExportedTransaction {
  id: number;
  type: string;
  /** YYYY-MM-DD */
  transactionDate: string;
  title: string;
  /** Exact. */
  amount: string;
  currency: string;
  status: string;
  userName: string | null;
  email: string | null;
  memo: string | null;
}

/** The newest first, from behind a position on: as quick for the last ones as for the first. */
export const transactionsAfter = (
  manager: EntityManager,
  tenantId: number,
  { start, end, type, userId }: TransactionsFilter,
  after: TransactionPosition | undefined,
  limit: number,
): Promise<ExportedTransaction[]> =>
  manager.query(page, [
    tenantId,
    start ?? null,
    end ?? null,
    type ?? null,
    userId ?? null,
    after?.transactionDate ?? null,
    after?.id ?? null,
    limit,
  ]);

const page = `
  WITH page AS (
    SELECT * FROM entry
    WHERE tenant_id = $1 AND ($2::date IS NULL OR transaction_date >= $2) AND ($3::date IS NULL OR transaction_date <= $3)
      AND ($4::text IS NULL OR type = $4) AND ($5::uuid IS NULL OR user_id = $5)
      AND ($6::date IS NULL OR (transaction_date, id) < ($6::date, $7::bigint))
    ORDER BY transaction_date DESC, id DESC
    LIMIT $8
  )
  SELECT page.id, type, transaction_date AS "transactionDate", title, trim_scale(amount) AS amount, currency, status,
         trim(first_name || ' ' || last_name) AS "userName", email, memo
  FROM page
  LEFT JOIN known_user AS known ON known.tenant_id = page.tenant_id AND known.id = user_id
  ORDER BY transaction_date DESC, page.id DESC`;
