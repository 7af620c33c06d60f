import {
  accountingFacts,
  type Call,
  type DeclinePaymentRequest,
  DomainError,
  type EntryId,
  type ListPaymentRequests,
  type ListPayments,
  type Payment,
  type PaymentPage,
  type PaymentRequest,
  type PaymentRequestPage,
  type RecordPayment,
  type ReportState,
  type RequestPayment,
  royalties,
  type VoidEntry,
} from '@countinghouse/contracts';
import { dayIn } from '@countinghouse/calendar';
import { bookingDate } from '@countinghouse/ledger';
import { closedMonths } from '@countinghouse/ledger/tables';
import { PeopleService } from '@countinghouse/people';
import { Bus, hasRole, Outbox, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { type EntriesFilter, entriesPage } from '../entries/entries.query.js';
import { EntriesService } from '../entries/entries.service.js';
import { addEntry, changeStatus, getEntry, lockUser } from '../entries/entries.store.js';
import { requireCurrency, requireMinorUnits } from '../entries/refusals.js';
import { paymentOf, requestOf } from '../entries/replies.js';
import { transactionDay } from '../entries/transaction-day.js';
import { getOpenRequest, pay, requireUnpaid } from './pay.js';

/** Payments to users, and what users ask for. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly entries: EntriesService,
    private readonly outbox: Outbox,
    private readonly bus: Bus,
  ) {}

  /** What is malformed, not there or in the way of it is said first, then what is impossible. */
  async record(call: Call, { currency: given, paymentRequestId, ...request }: RecordPayment): Promise<Payment> {
    const { tenantId } = principalOf(call);
    const { currency, timeZone } = await this.people.tenant(tenantId, call.requestId);
    requireMinorUnits(request.amount, currency);
    const transactionDate = transactionDay(request.transactionDate, timeZone);
    const userId = request.userId.toLowerCase();
    const { reportIds = [] } = request;
    return this.transactions.run(call, async (manager) => {
      await this.people.requireUserEver(manager, tenantId, userId, call);
      const reports = await this.findReports(call, reportIds);
      const asked = paymentRequestId === undefined ? null : await getOpenRequest(manager, tenantId, paymentRequestId);
      await lockUser(manager, tenantId, userId);
      await requireUnpaid(manager, tenantId, userId, reports);
      requireCurrency(given, currency);
      requireOf(userId, 'Report', reportIds, reports);
      requireOf(userId, 'Payment request', asked ? [asked.id] : [], asked ? [asked] : []);
      const payment = { ...request, userId, currency, transactionDate, reportIds };
      return paymentOf(await pay(manager, this.outbox, tenantId, payment, asked));
    });
  }

  async void(call: Call, request: VoidEntry): Promise<Payment> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const entry = await this.entries.voidEntry(manager, tenantId, 'payment', request);
      await this.outbox.add(manager, accountingFacts.paymentVoided, tenantId, {
        paymentId: entry.id,
        userId: entry.userId!,
        reportIds: entry.reportIds ?? [],
        voidedAt: new Date().toISOString(),
      });
      return paymentOf(entry);
    });
  }

  async list(call: Call, { userId, ...paging }: ListPayments): Promise<PaymentPage> {
    const { rows, ...counts } = await this.page(call, { type: 'payment', userId }, paging);
    return { items: rows.map(paymentOf), ...counts };
  }

  async request(call: Call, { amount, memo }: RequestPayment): Promise<PaymentRequest> {
    const { tenantId, userId } = principalOf(call);
    if (!userId) throw new DomainError('forbidden', 'Only a person can ask for a payment');
    const { currency, timeZone } = await this.people.tenant(tenantId, call.requestId);
    requireMinorUnits(amount, currency);
    return this.transactions.run(call, async (manager) => {
      await lockUser(manager, tenantId, userId);
      const [open] = await manager.query(
        `SELECT id FROM entry WHERE tenant_id = $1 AND user_id = $2 AND status = 'open'`,
        [tenantId, userId],
      );
      if (open) throw new DomainError('conflict', `Request ${open.id} is still open; wait for its answer`);
      const now = new Date();
      const asked = { amount, currency, memo: memo ?? null, userId, transactionDate: dayIn(now, timeZone) };
      const request = { ...asked, type: 'paymentRequest', status: 'open', title: 'Payment request' } as const;
      return requestOf(await addEntry(manager, tenantId, request, now));
    });
  }

  /** Makes the payment, dated today or the first open day after it; the limit of what is due applies now. */
  async approve(call: Call, { id }: EntryId): Promise<PaymentRequest> {
    const { tenantId } = principalOf(call);
    const { currency, timeZone } = await this.people.tenant(tenantId, call.requestId);
    return this.transactions.run(call, async (manager) => {
      const asked = await getOpenRequest(manager, tenantId, id);
      const { amount, memo } = asked;
      const userId = asked.userId!;
      await lockUser(manager, tenantId, userId);
      const transactionDate = bookingDate(dayIn(new Date(), timeZone), await closedMonths(manager, tenantId));
      await pay(manager, this.outbox, tenantId, { userId, amount, currency, memo, transactionDate }, asked);
      return requestOf(await getEntry(manager, tenantId, id));
    });
  }

  async decline(call: Call, { id, reason }: DeclinePaymentRequest): Promise<PaymentRequest> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const asked = await getOpenRequest(manager, tenantId, id);
      return requestOf(await changeStatus(manager, tenantId, asked, 'declined', reason));
    });
  }

  /** Members see their own. */
  async listRequests(call: Call, { userId, status, ...paging }: ListPaymentRequests): Promise<PaymentRequestPage> {
    const principal = principalOf(call);
    const own = hasRole(principal, 'admin') ? userId : principal.userId;
    if (userId !== undefined && userId.toLowerCase() !== own?.toLowerCase())
      throw new DomainError('not_found', 'User not found');
    const { rows, ...counts } = await this.page(call, { type: 'paymentRequest', userId: own, status }, paging);
    return { items: rows.map(requestOf), ...counts };
  }

  /** Royalties is asked whose the reports are and whether they are open, before anything is locked. */
  private findReports(call: Call, ids: number[]): Promise<ReportState[]> {
    return ids.length === 0 ? Promise.resolve([]) : this.bus.ask(royalties.findReports, { ids }, call);
  }

  private async page(call: Call, filter: EntriesFilter, { page, size }: { page: number; size: number }) {
    const { tenantId } = principalOf(call);
    const { rows, total } = await this.transactions.read(tenantId, (manager) =>
      entriesPage(manager, tenantId, filter, { page, size }),
    );
    return { rows, total, page, totalPages: Math.ceil(total / size) };
  }
}

/** @throws DomainError unprocessable */
function requireOf(
  userId: string,
  noun: string,
  ids: number[],
  found: readonly { id: number; userId: string | null }[],
): void {
  const own = new Set(found.filter((one) => one.userId === userId).map(({ id }) => id));
  const other = ids.find((id) => !own.has(id));
  if (other !== undefined) throw new DomainError('unprocessable', `${noun} ${other} is not one of user ${userId}`);
}
