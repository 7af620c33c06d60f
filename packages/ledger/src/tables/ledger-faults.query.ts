import type { EntityManager } from 'typeorm';

/** What must never be found; for a check of the whole ledger, as it reads every posting. */
export interface LedgerFaults {
  /** Ids of journals whose postings are not all there, or do not sum to zero in each currency. */
  journals: number[];
  /** Accounts whose balance or turnover is not the sum of their postings. */
  accounts: string[];
}

export const ledgerFaults = async (manager: EntityManager, tenantId: number): Promise<LedgerFaults> => {
  const [journals, accounts] = [
    await manager.query(faultyJournals, [tenantId]),
    await manager.query(faultyAccounts, [tenantId]),
  ];
  return {
    journals: journals.map(({ id }: { id: number }) => id),
    accounts: accounts.map(({ account }: { account: string }) => account),
  };
};

const faultyJournals = `
  WITH total AS (
    SELECT journal_id, currency, count(*) AS postings, sum(amount) AS amount
    FROM posting WHERE tenant_id = $1
    GROUP BY journal_id, currency
  ),
  found AS (
    SELECT journal_id, sum(postings) AS postings, bool_and(amount = 0) AS is_balanced FROM total GROUP BY journal_id
  )
  SELECT coalesce(id, journal_id) AS id
  FROM (SELECT * FROM journal WHERE tenant_id = $1) AS journal FULL JOIN found ON journal_id = id
  WHERE (journal.postings = found.postings AND is_balanced) IS NOT TRUE
  ORDER BY 1`;

const faultyAccounts = `
  WITH part AS (
    SELECT account, currency, kind, to_char(posting.booked_on, 'YYYY-MM') AS month, amount AS posted, 0 AS turned, 0 AS held
    FROM posting JOIN journal ON journal.tenant_id = posting.tenant_id AND id = journal_id
    WHERE posting.tenant_id = $1
    UNION ALL
    SELECT account, currency, kind, month, 0, amount, 0 FROM account_turnover WHERE tenant_id = $1
    UNION ALL
    SELECT account, currency, kind, NULL, 0, 0, amount FROM account_balance WHERE tenant_id = $1
  ),
  monthly AS (
    SELECT account, currency, kind, sum(posted) AS posted, sum(held) AS held, sum(posted) = sum(turned) AS is_turnover
    FROM part GROUP BY account, currency, kind, month
  )
  SELECT account
  FROM monthly
  GROUP BY account, currency, kind
  HAVING sum(posted) <> sum(held) OR NOT bool_and(is_turnover)
  ORDER BY account`;
