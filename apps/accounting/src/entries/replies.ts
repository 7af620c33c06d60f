import type { Expense, Payment, PaymentRequest, Revenue } from '@countinghouse/contracts';
import type { EntryRow } from './entries.store.js';

const booked = ({ id, amount, currency, transactionDate, title, memo, status, reason, createdAt }: EntryRow) => ({
  id,
  amount,
  currency,
  transactionDate,
  title,
  memo,
  status: status as 'booked' | 'voided',
  voidReason: reason,
  createdAt,
});

export const paymentOf = (entry: EntryRow): Payment => ({
  ...booked(entry),
  userId: entry.userId!,
  reportIds: entry.reportIds ?? [],
  paymentRequestId: entry.paymentRequestId,
  advance: entry.advance ?? false,
});

export const revenueOf = (entry: EntryRow): Revenue => ({ ...booked(entry), source: entry.source });

export const expenseOf = (entry: EntryRow): Expense => ({
  ...booked(entry),
  type: entry.expenseType!,
  recoupable: entry.recoupable!,
  shares: entry.shares,
});

export const requestOf = (entry: EntryRow): PaymentRequest => ({
  id: entry.id,
  userId: entry.userId!,
  amount: entry.amount,
  currency: entry.currency,
  memo: entry.memo,
  status: entry.status as PaymentRequest['status'],
  reason: entry.reason,
  paymentId: entry.paymentId,
  createdAt: entry.createdAt,
});
