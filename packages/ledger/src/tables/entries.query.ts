import type { EntityManager } from 'typeorm';

/** Where an entry stands among those of its account. */
export interface EntryPosition {
  bookedOn: string;
  journalId: number;
}

/** A posting to an account, with what the account came to after it: debits positive, credits negative; exact. */
export interface Entry extends EntryPosition {
  occurredOn: string;
  kind: string;
  source: string | null;
  memo: string | null;
  reverses: number | null;
  amount: string;
  balance: string;
}

export interface EntriesWanted {
  account: string;
  currency: string;
  /** `YYYY-MM-DD`, by booking date: half-open; a side that is not given is open. */
  from?: string;
  until?: string;
  order: 'oldest-first' | 'newest-first';
  /** Goes on behind the last entry of the page before. */
  after?: EntryPosition;
  limit: number;
}

/** A page of an account's entries with its running balance, as fast at any depth. */
export const entries = (
  manager: EntityManager,
  tenantId: number,
  { account, currency, from, until, order, after, limit }: EntriesWanted,
): Promise<Entry[]> =>
  manager.query(entriesPage(order), [
    tenantId,
    account,
    currency,
    from,
    until,
    after?.bookedOn,
    after?.journalId,
    limit,
  ]);

/** What came before the page is summed up by month; only of the month in which the page begins, the postings count. */
const entriesPage = (order: EntriesWanted['order']): string => {
  const [behind, direction] = order === 'oldest-first' ? ['>', 'ASC'] : ['<', 'DESC'];
  return `
  WITH page AS (
    SELECT journal_id, booked_on, amount
    FROM posting
    WHERE tenant_id = $1 AND account = $2 AND currency = $3
      AND booked_on >= coalesce($4::date, '-infinity') AND booked_on < coalesce($5::date, 'infinity')
      AND ($6::date IS NULL OR (booked_on, journal_id) ${behind} ($6::date, $7::bigint))
    ORDER BY booked_on ${direction}, journal_id ${direction}
    LIMIT $8
  ),
  first AS (
    SELECT journal_id, booked_on, date_trunc('month', booked_on::timestamp)::date AS month_begin
    FROM page ORDER BY booked_on, journal_id LIMIT 1
  ),
  opening AS (
    SELECT coalesce(sum(amount), 0) AS amount
    FROM (
      SELECT amount FROM account_turnover, first
      WHERE tenant_id = $1 AND account = $2 AND currency = $3 AND month < to_char(first.month_begin, 'YYYY-MM')
      UNION ALL
      SELECT amount FROM posting, first
      WHERE tenant_id = $1 AND account = $2 AND currency = $3 AND posting.booked_on >= first.month_begin
        AND (posting.booked_on, posting.journal_id) < (first.booked_on, first.journal_id)
    ) AS before
  )
  SELECT page.booked_on AS "bookedOn", page.journal_id AS "journalId", occurred_on AS "occurredOn", kind, source, memo,
         reverses, trim_scale(page.amount)::text AS amount,
         trim_scale(opening.amount + sum(page.amount) OVER (ORDER BY page.booked_on, page.journal_id))::text AS balance
  FROM page CROSS JOIN opening
  JOIN journal ON journal.tenant_id = $1 AND journal.id = page.journal_id
  ORDER BY page.booked_on ${direction}, page.journal_id ${direction}`;
};
