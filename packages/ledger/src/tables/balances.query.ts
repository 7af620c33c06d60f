import type { EntityManager } from 'typeorm';
import type { Chart } from '../chart.js';
import { type TrialBalanceRow, trialBalanceOf, type TypeTotal } from '../trial-balance.js';

/** What an account comes to in a currency: debits positive, credits negative; exact. */
export interface Balance {
  account: string;
  currency: string;
  amount: string;
}

/**
 * The balances of accounts, by account and currency; of accounts without postings there are none.
 *
 * @param asOf `YYYY-MM-DD`: with all that is booked up to the end of that day; all there is when not given
 */
export const balances = (
  manager: EntityManager,
  tenantId: number,
  accounts: readonly string[],
  asOf?: string,
): Promise<Balance[]> =>
  asOf === undefined
    ? manager.query(presentBalances, [tenantId, accounts])
    : manager.query(balancesAsOf, [tenantId, accounts, asOf]);

/** The balance of one account in one currency, `0` where it has no postings; otherwise as `balances`. */
export const balance = async (
  manager: EntityManager,
  tenantId: number,
  { account, currency, asOf }: { account: string; currency: string; asOf?: string },
): Promise<string> => {
  const found = await balances(manager, tenantId, [account], asOf);
  return found.find((one) => one.currency === currency)?.amount ?? '0';
};

const presentBalances = `
  SELECT account, currency, trim_scale(sum(amount))::text AS amount
  FROM account_balance
  WHERE tenant_id = $1 AND account = ANY ($2)
  GROUP BY account, currency
  ORDER BY account, currency`;

/**
 * Whole months before that day are summed up already; of the month it lies in, the postings count. LATERAL: each account
 * has its own part of the index, whatever the planner believes about how many there are.
 */
const balancesAsOf = `
  WITH part AS (
    SELECT account, currency, amount
    FROM account_turnover
    WHERE tenant_id = $1 AND account = ANY ($2) AND month < to_char($3::date + 1, 'YYYY-MM')
    UNION ALL
    SELECT wanted.account, in_month.currency, in_month.amount
    FROM unnest($2::text[]) AS wanted (account) CROSS JOIN LATERAL (
      SELECT currency, sum(amount) AS amount
      FROM posting
      WHERE tenant_id = $1 AND posting.account = wanted.account
        AND booked_on >= date_trunc('month', ($3::date + 1)::timestamp)::date AND booked_on <= $3
      GROUP BY currency
    ) AS in_month
  )
  SELECT account, currency, trim_scale(sum(amount))::text AS amount
  FROM part
  GROUP BY account, currency
  ORDER BY account, currency`;

/**
 * The trial balance at the end of a month, or with all there is.
 *
 * @param through `YYYY-MM`, inclusive
 */
export const trialBalance = async (
  manager: EntityManager,
  tenantId: number,
  chart: Chart,
  through?: string,
): Promise<TrialBalanceRow[]> => {
  const totals: TypeTotal[] =
    through === undefined
      ? await manager.query(typeTotals('account_balance', 'true'), [tenantId])
      : await manager.query(typeTotals('account_turnover', 'month <= $2'), [tenantId, through]);
  return trialBalanceOf(chart, totals);
};

const typeTotals = (view: string, condition: string): string => `
  SELECT split_part(account, ':', 1) AS type, currency, trim_scale(sum(amount))::text AS amount
  FROM ${view}
  WHERE tenant_id = $1 AND ${condition}
  GROUP BY 1, currency`;
