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

/** A page of an account's entries with its running balance. */
export const entries = (manager: EntityManager, tenantId: number, wanted: EntriesWanted): Promise<Entry[]> => {
  const { account, currency, from = '-infinity', until = 'infinity', order, after, limit } = wanted;
  const [begin, end] = order === 'oldest-first' ? [from, until] : [until, from];
  const start = after ?? { bookedOn: begin, journalId: 0 }; // ids are above 0
  return manager.query(entriesPage(order), [tenantId, account, currency, start.bookedOn, start.journalId, end, limit]);
};

/**
 * What came before the page is summed up by month; only of the month in which the page begins, the postings count. The
 * bounds are subqueries and not joined, so that they bound the part of the index that is read.
 */
const entriesPage = (order: EntriesWanted['order']): string => {
  const [behind, inside, direction] = order === 'oldest-first' ? ['>', '<', 'ASC'] : ['<', '>=', 'DESC'];
  return `
  WITH page AS (
    SELECT journal_id, booked_on, amount
    FROM posting
    WHERE tenant_id = $1 AND account = $2 AND currency = $3
      AND (booked_on, journal_id) ${behind} ($4::date, $5::bigint) AND booked_on ${inside} $6
    ORDER BY booked_on ${direction}, journal_id ${direction}
    LIMIT $7
  ),
  first AS (
    SELECT journal_id, booked_on FROM page ORDER BY booked_on, journal_id LIMIT 1
  ),
  before AS (
    SELECT amount
    FROM account_turnover
    WHERE tenant_id = $1 AND account = $2 AND currency = $3 AND month < (SELECT to_char(booked_on, 'YYYY-MM') FROM first)
    UNION ALL
    SELECT amount
    FROM posting
    WHERE tenant_id = $1 AND account = $2 AND currency = $3
      AND booked_on >= (SELECT date_trunc('month', booked_on::timestamp)::date FROM first)
      AND (booked_on, journal_id) < ((SELECT booked_on FROM first), (SELECT journal_id FROM first))
  ),
  opening AS (
    SELECT coalesce(sum(amount), 0) AS amount FROM before
  )
  SELECT page.booked_on AS "bookedOn", page.journal_id AS "journalId", occurred_on AS "occurredOn", kind, source, memo,
         reverses, trim_scale(page.amount)::text AS amount,
         trim_scale(opening.amount + sum(page.amount) OVER (ORDER BY page.booked_on, page.journal_id))::text AS balance
  FROM page CROSS JOIN opening
  JOIN journal ON journal.tenant_id = $1 AND journal.id = page.journal_id
  ORDER BY page.booked_on ${direction}, page.journal_id ${direction}`;
};
