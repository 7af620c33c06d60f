import { accountingFacts, DomainError, type ReportState } from '@countinghouse/contracts';
import { balance, bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { compare, multiply } from '@countinghouse/money';
import type { Outbox } from '@countinghouse/service';
import type { EntityManager } from 'typeorm';
import { payableTo } from '../domain/chart.js';
import { paymentJournal, untitledPayment } from '../domain/entry-journals.js';
import { payable } from '../domain/rounding.js';
import { toBook } from '../entries/entries.service.js';
import { addEntry, changeStatus, type EntryRow, getEntryForUpdate } from '../entries/entries.store.js';
import { requireOpen } from '../entries/refusals.js';

export interface PaymentToMake {
  userId: string;
  amount: string;
  currency: string;
  transactionDate: string;
  title?: string;
  memo?: string | null;
  reportIds?: number[];
  advance?: boolean;
}

/**
 * Books a payment, with the request that it answers closed, and makes it known. The user must be locked.
 *
 * @throws DomainError unprocessable
 */
export async function pay(
  manager: EntityManager,
  outbox: Outbox,
  tenantId: number,
  payment: PaymentToMake,
  asked: EntryRow | null,
): Promise<EntryRow> {
  const { userId, currency, title = untitledPayment, advance = false } = payment;
  requireOpen(payment.transactionDate, await closedMonths(manager, tenantId));
  if (!advance) await requireDue(manager, tenantId, payment);
  const now = new Date();
  const answers = { paymentRequestId: asked?.id ?? null };
  const toAdd = { ...payment, ...answers, title, advance, type: 'payment', status: 'booked' } as const;
  const entry = await addEntry(manager, tenantId, toAdd, now);
  await bookJournals(manager, tenantId, [paymentJournal({ ...toBook(entry), userId })]);
  if (asked) await changeStatus(manager, tenantId, asked, 'approved');
  await outbox.add(manager, accountingFacts.paymentRecorded, tenantId, {
    paymentId: entry.id,
    userId,
    reportIds: entry.reportIds ?? [],
    amount: entry.amount,
    currency,
    paidAt: now.toISOString(),
  });
  return entry;
}

/** Never more than is due, without what is less than can be paid. */
async function requireDue(
  manager: EntityManager,
  tenantId: number,
  { userId, amount, currency }: PaymentToMake,
): Promise<void> {
  const owed = await balance(manager, tenantId, { account: payableTo(userId), currency });
  const due = payable(multiply(owed, '-1'), currency);
  if (compare(amount, due) <= 0) return;
  throw new DomainError(
    'unprocessable',
    `The payment of ${amount} ${currency} is more than is due, ${due} ${currency}; send advance: true to pay ahead`,
  );
}

/**
 * A request that waits for its answer, locked to the end of the transaction.
 *
 * @throws DomainError not_found, conflict
 */
export async function getOpenRequest(manager: EntityManager, tenantId: number, id: number): Promise<EntryRow> {
  const request = await getEntryForUpdate(manager, tenantId, 'paymentRequest', id);
  if (request.status === 'open') return request;
  throw new DomainError('conflict', `Payment request ${id} is ${request.status} already`);
}

/**
 * A payment of ours makes its reports PAID, though royalties may not have heard of it yet.
 *
 * @throws DomainError conflict
 */
export async function requireUnpaid(
  manager: EntityManager,
  tenantId: number,
  userId: string,
  reports: readonly ReportState[],
): Promise<void> {
  const closed = reports.find(({ debitState }) => debitState !== 'PENDING');
  if (closed) throw new DomainError('conflict', `Report ${closed.id} is ${closed.debitState} already`);
  if (reports.length === 0) return;
  const [paid]: { id: number; paymentId: number }[] = await manager.query(
    `SELECT report.id, entry.id AS "paymentId"
     FROM entry, unnest(report_ids) AS report (id)
     WHERE tenant_id = $1 AND user_id = $2 AND type = 'payment' AND status = 'booked' AND report.id = ANY ($3)
     ORDER BY report.id LIMIT 1`,
    [tenantId, userId, reports.map(({ id }) => id)],
  );
  if (paid) throw new DomainError('conflict', `Report ${paid.id} is PAID already, by payment ${paid.paymentId}`);
}
