import { accountOf, credit, debit, type Journal, journal, type Posting } from '@countinghouse/ledger';
import { compare, multiply, sum } from '@countinghouse/money';
import { chart, payableTo } from './chart.js';

export interface UserAmount {
  userId: string;
  /** Exact; negative where something is taken back. */
  amount: string;
}

export interface EarningsToBook {
  id: number;
  withdraws: number | null;
  statementId: number;
  distributor: string;
  month: string;
  /** What the distributor owes for them, in the tenant's currency. */
  total: string;
}

/**
 * What a statement's earnings put into the book: the distributor owes them, the users are owed them. Null when nothing
 * was earned.
 *
 * @throws Error when the users' amounts are not exactly the total
 */
export function earningsJournal(
  { id, withdraws, statementId, distributor, month, total }: EarningsToBook,
  users: readonly UserAmount[],
  currency: string,
  days: { occurredOn: string; bookedOn: string },
): Journal | null {
  const amounts = users.map(({ amount }) => amount);
  requireAll(`Earnings ${id}`, total, amounts);
  const postings = [
    ...owed(accountOf(chart, 'distributor-receivable', distributor), currency, total),
    ...users.flatMap(({ userId, amount }) => owed(payableTo(userId), currency, multiply(amount, '-1'))),
  ];
  if (postings.length === 0) return null;
  return journal(chart, {
    kind: 'earnings',
    key: `earnings:${id}`,
    ...days,
    source: `${withdraws === null ? 'statement' : 'voided statement'} ${statementId}, ${distributor} ${month}`,
    postings,
  });
}

/** A posting of what is not nothing. */
const owed = (account: string, currency: string, amount: string): Posting[] =>
  compare(amount, '0') === 0 ? [] : [debit(account, currency, amount)];

/**
 * Nothing gets lost and nothing is made up.
 *
 * @throws Error when the amounts of the users are not exactly the total
 */
export function requireAll(what: string, total: string, amounts: Iterable<string>): void {
  const credited = sum(amounts);
  if (compare(credited, total) !== 0)
    throw new Error(`${what} come to ${total}, but their users would get ${credited}`);
}

/** What changes for each user, as a journal of its own, whose key begins with `key`; none for whom nothing changes. */
export const adjustmentJournals = (
  users: Iterable<UserAmount>,
  currency: string,
  { key, source, on }: { key: string; source: string; on: string },
): Journal[] =>
  [...users]
    .filter(({ amount }) => compare(amount, '0') !== 0)
    .map(({ userId, amount }) =>
      journal(chart, {
        kind: 'adjustment',
        key: `${key}:${userId}`,
        occurredOn: on,
        source,
        postings: [debit('unallocated-royalties', currency, amount), credit(payableTo(userId), currency, amount)],
      }),
    );
