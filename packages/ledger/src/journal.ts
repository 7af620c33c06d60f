import { hash } from 'node:crypto';
import { isDecimal, multiply, normalise, sum } from '@countinghouse/money';
import { isDay } from './booking-date.js';
import { accountTypeOf, type Chart } from './chart.js';
import { isName } from './name.js';

/** One line of a journal. Amounts are exact, with any number of decimals: debits are positive, credits negative. */
export interface Posting {
  account: string;
  /** ISO 4217 */
  currency: string;
  amount: string;
}

/** What is written down before it is checked. */
export interface JournalDraft {
  /** Whose months are closed together: `main`, or a name for each client or branch that closes its own. */
  book?: string;
  /** What happened, in a word: `payment`, `fee`. Balances are kept by it. A reversal has the kind of its original. */
  kind: string;
  /** What this journal is for, once per tenant: `payment:42`. Booking it again books nothing. */
  key: string;
  /** The day it happened, `YYYY-MM-DD`. */
  occurredOn: string;
  /** The day it counts from; that of `occurredOn` unless that month is closed: see `bookingDate`. */
  bookedOn?: string;
  /** Where it comes from, for people who trace a figure. */
  source?: string | null;
  memo?: string | null;
  postings: Iterable<Posting>;
}

/** Balanced postings about one thing that happened. It is never changed; it may be reversed, once. */
export interface Journal extends Required<Omit<JournalDraft, 'postings'>> {
  /** The id of the journal that this one takes back. */
  reverses: number | null;
  /** Of all that the caller decides, so not of `bookedOn`: a month may be closed between two attempts. */
  payloadHash: string;
  /** One per account and currency, ordered by these. */
  postings: readonly Posting[];
}

/** A journal as it stands in the book. */
export interface BookedJournal extends Journal {
  id: number;
  bookedAt: Date;
}

/** A posting that debits an account: `25` is posted as `25`. */
export const debit = (account: string, currency: string, amount: string): Posting => ({ account, currency, amount });

/** A posting that credits an account: `25` is posted as `-25`. */
export const credit = (account: string, currency: string, amount: string): Posting => ({
  account,
  currency,
  amount: multiply(amount, '-1'),
});

/**
 * A journal that keeps the rules: accounts of the chart, exact non-zero amounts, a sum of exactly zero per currency.
 * Postings of the same account and currency become one; what cancels out within the journal is left out. Nothing rounds.
 *
 * @throws RangeError saying what is wrong
 *
 * @example
 * journal(chart, { kind: 'payment', key: 'payment:42', occurredOn: '2026-02-03',
 *   postings: [debit('royalties-payable:ada', 'EUR', '25'), credit('cash', 'EUR', '25')] })
 */
export const journal = (chart: Chart, draft: JournalDraft): Journal => {
  const { book = 'main', kind, key, occurredOn, bookedOn = occurredOn, source = null, memo = null } = draft;
  const postings = [...draft.postings];
  const wrong = wrongWords(book, kind, key) ?? wrongDays(occurredOn, bookedOn) ?? wrongPostings(chart, postings);
  if (wrong) throw new RangeError(`Journal ${key}: ${wrong}`);
  const merged = mergePostings(postings);
  if (merged.length === 0) throw new RangeError(`Journal ${key}: its postings cancel each other out`);
  return sealed({ book, kind, key, occurredOn, bookedOn, source, memo, reverses: null, postings: merged });
};

/**
 * The exact mirror of a booked journal: of the same kind and book, about the same day.
 *
 * @param bookedOn `bookingDate(original.bookedOn, closedMonths)`
 * @throws RangeError for a booking date before that of the original
 */
export const reversalOf = (
  original: BookedJournal,
  { key, bookedOn, source = null, memo = null }: Pick<JournalDraft, 'key' | 'source' | 'memo'> & { bookedOn: string },
): Journal => {
  const { id, book, kind, occurredOn } = original;
  const wrong = wrongWords(book, kind, key) ?? wrongDays(original.bookedOn, bookedOn);
  if (wrong) throw new RangeError(`Journal ${key}, the reversal of ${original.key}: ${wrong}`);
  const postings = original.postings.map((posting) => ({ ...posting, amount: multiply(posting.amount, '-1') }));
  return sealed({ book, kind, key, occurredOn, bookedOn, source, memo, reverses: id, postings });
};

/** One posting per account and currency, ordered by these, with exact sums; without those that come to zero. */
export const mergePostings = (postings: Iterable<Posting>): Posting[] =>
  [...Map.groupBy(postings, ({ account, currency }) => `${currency} ${account}`)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, [first, ...more]]) => ({ ...first!, amount: sum([first!, ...more].map(({ amount }) => amount)) }))
    .filter(({ amount }) => amount !== '0');

const maxBookLength = 255;
const maxKeyLength = 500;
/** The most decimals that PostgreSQL's numeric holds. */
const maxDecimals = 16_383;

const wrongWords = (book: string, kind: string, key: string): string | null => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind)) return `its kind must be a word such as fee-correction, not ${kind}`;
  if (!isName(book, maxBookLength)) return `its book must have a name of 1 to ${maxBookLength} characters`;
  if (!isName(key, maxKeyLength)) return `its key must have 1 to ${maxKeyLength} characters, none to control with`;
  return null;
};

const wrongDays = (earliest: string, bookedOn: string): string | null => {
  const unknown = [earliest, bookedOn].find((day) => !isDay(day));
  if (unknown !== undefined) return `${unknown} is no day written YYYY-MM-DD`;
  return bookedOn < earliest ? `it cannot be booked on ${bookedOn}, before ${earliest}` : null;
};

const wrongPostings = (chart: Chart, postings: Posting[]): string | null => {
  if (postings.length === 0) return 'it has no postings';
  for (const { account, currency, amount } of postings) {
    accountTypeOf(chart, account);
    if (!/^[A-Z]{3}$/.test(currency)) return `${currency} is no currency code`;
    if (!isDecimal(amount, { decimals: maxDecimals })) return `${String(amount)} is no exact amount (${account})`;
    if (normalise(amount) === '0') return `the posting to ${account} is zero`;
  }
  for (const [currency, parts] of Map.groupBy(postings, (posting) => posting.currency)) {
    const difference = sum(parts.map(({ amount }) => amount));
    if (difference !== '0') return `debits and credits in ${currency} differ by ${difference}`;
  }
  return null;
};

const sealed = (content: Omit<Journal, 'payloadHash'>): Journal => {
  const { book, kind, occurredOn, reverses, source, memo, postings } = content;
  const lines = postings.map(({ account, currency, amount }) => [account, currency, amount]);
  const payload = [book, kind, occurredOn, reverses, source, memo, lines];
  return { ...content, payloadHash: hash('sha256', JSON.stringify(payload), 'base64url') };
};
