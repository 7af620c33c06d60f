import { accountOf, credit, debit, type Journal, journal, type JournalDraft } from '@countinghouse/ledger';
import { multiply } from '@countinghouse/money';
import { chart, payableTo } from './chart.js';
import type { Share } from './shares.js';

/** What a payment is called that nobody gave a title. */
export const untitledPayment = 'Payment';

/** An entry as it goes into the book. */
export interface EntryToBook {
  id: number;
  /** More than nothing. */
  amount: string;
  currency: string;
  /** YYYY-MM-DD */
  occurredOn: string;
  bookedOn?: string;
  title: string;
  memo: string | null;
}

const draftOf = (kind: string, { id, title, ...entry }: EntryToBook): Omit<JournalDraft, 'postings'> => ({
  ...entry,
  kind,
  key: `${kind}:${id}`,
  source: title,
});

export const paymentJournal = (entry: EntryToBook & { userId: string }): Journal => {
  const { amount, currency, userId } = entry;
  return journal(chart, {
    ...draftOf('payment', entry),
    postings: [debit(payableTo(userId), currency, amount), credit('cash', currency, amount)],
  });
};

/** @param owedBy the distributor whose statement it is from; cash when it is none's */
export const revenueJournal = (entry: EntryToBook, owedBy: string | null): Journal => {
  const { amount, currency } = entry;
  const asset = owedBy === null ? accountOf(chart, 'cash') : accountOf(chart, 'distributor-receivable', owedBy);
  return journal(chart, {
    ...draftOf('revenue', entry),
    postings: [debit(asset, currency, amount), credit('revenue', currency, amount)],
  });
};

/**
 * The whole is an expense, paid in cash. What users bear of it is taken from what they are owed, and stands on their
 * recoupment accounts against the expense; shares are exact, so nothing is left over.
 *
 * @param bornBy the users and their shares, all together 100 percent; none when it is not recoupable
 */
export const expenseJournal = (entry: EntryToBook, bornBy: readonly Share[]): Journal => {
  const { amount, currency } = entry;
  const recouped = bornBy.flatMap(({ userId, share }) => {
    const part = multiply(multiply(amount, share), '0.01');
    return [debit(payableTo(userId), currency, part), credit(accountOf(chart, 'recoupment', userId), currency, part)];
  });
  return journal(chart, {
    ...draftOf('expense', entry),
    postings: [debit('expense', currency, amount), credit('cash', currency, amount), ...recouped],
  });
};
