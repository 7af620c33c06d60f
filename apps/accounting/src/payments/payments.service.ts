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
  type RequestPayment,
  royalties,
  type VoidEntry,
} from '@countinghouse/contracts';
import { dayIn } from '@countinghouse/calendar';
import { balance, bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { compare, isDecimal, minorUnitsOf, multiply } from '@countinghouse/money';
import { Bus, hasRole, Outbox, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { payableTo } from '../domain/chart.js';
import { paymentJournal } from '../domain/entry-journals.js';
import { payable } from '../domain/rounding.js';
import { dayOf, requireOpen } from '../entries/dates.js';
import { EntriesService, requireCurrency, toBook } from '../entries/entries.service.js';
import {
  addEntry,
  changeStatus,
  type EntryRow,
  findEntryForUpdate,
  getEntry,
  lockUser,
} from '../entries/entries.store.js';
import { paymentOf, requestOf } from '../entries/replies.js';
import { PeopleService, type TenantSettings } from '@countinghouse/people';
import { listEntries } from './payments.query.js';

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

  async record(call: Call, request: RecordPayment): Promise<Payment> {
    const { tenantId } = principalOf(call);
    const tenant = await this.people.tenant(tenantId, call.requestId);
    requireCurrency(request.currency, tenant.currency);
    return this.transactions.run(call, async (manager) => {
      await this.people.requireUser(manager, tenantId, request.userId, call);
      await this.requireReports(call, request);
      await lockUser(manager, tenantId, request.userId);
      const asked = request.paymentRequestId;
      if (asked !== undefined) await this.answer(manager, tenantId, asked, request.userId);
      return paymentOf(await this.pay(manager, tenantId, tenant, request));
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

  async list(call: Call, { userId, page, size }: ListPayments): Promise<PaymentPage> {
    const { items, ...counts } = await this.page(call, 'payment', { userId, page, size });
    return { items: items.map(paymentOf), ...counts };
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
      const transactionDate = dayIn(new Date(), timeZone);
      const entry = { type: 'paymentRequest', status: 'open', title: 'Payment request' } as const;
      return requestOf(
        await addEntry(
          manager,
          tenantId,
          { ...entry, amount, currency, transactionDate, memo: memo ?? null, userId },
          new Date(),
        ),
      );
    });
  }

  /** Makes the payment; the limit of what is due applies now. */
  async approve(call: Call, { id }: EntryId): Promise<PaymentRequest> {
    const { tenantId } = principalOf(call);
    const tenant = await this.people.tenant(tenantId, call.requestId);
    return this.transactions.run(call, async (manager) => {
      const request = await openRequest(manager, tenantId, id);
      const userId = request.userId!;
      await lockUser(manager, tenantId, userId);
      await this.answer(manager, tenantId, id, userId);
      const transactionDate = dayIn(new Date(), tenant.timeZone);
      const { amount, memo } = request;
      await this.pay(manager, tenantId, tenant, { userId, amount, memo, transactionDate, paymentRequestId: id });
      return requestOf(await getEntry(manager, tenantId, id));
    });
  }

  async decline(call: Call, { id, reason }: DeclinePaymentRequest): Promise<PaymentRequest> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const request = await openRequest(manager, tenantId, id);
      return requestOf(await changeStatus(manager, tenantId, request, 'declined', reason));
    });
  }

  /** Members see their own. */
  async listRequests(call: Call, { userId, status, page, size }: ListPaymentRequests): Promise<PaymentRequestPage> {
    const principal = principalOf(call);
    const own = hasRole(principal, 'admin') ? userId : principal.userId;
    const { items, ...counts } = await this.page(call, 'paymentRequest', { userId: own, status, page, size });
    return { items: items.map(requestOf), ...counts };
  }

  private async pay(
    manager: EntityManager,
    tenantId: number,
    { currency, timeZone }: TenantSettings,
    { title = 'Payment', amount, userId, ...request }: RecordPayment,
  ): Promise<EntryRow> {
    requireMinorUnits(amount, currency);
    const transactionDate = dayOf(request.transactionDate, timeZone);
    requireOpen(transactionDate, await closedMonths(manager, tenantId));
    if (!request.advance) await requireDue(manager, tenantId, { userId, amount, currency });
    const now = new Date();
    const entry = await addEntry(
      manager,
      tenantId,
      { ...request, type: 'payment', status: 'booked', amount, currency, transactionDate, title, userId },
      now,
    );
    await bookJournals(manager, tenantId, [paymentJournal({ ...toBook(entry), userId })]);
    await this.outbox.add(manager, accountingFacts.paymentRecorded, tenantId, {
      paymentId: entry.id,
      userId,
      reportIds: entry.reportIds ?? [],
      amount: entry.amount,
      currency,
      paidAt: now.toISOString(),
    });
    return entry;
  }

  /** Closes the request that a payment answers. */
  private async answer(manager: EntityManager, tenantId: number, id: number, userId: string): Promise<void> {
    const request = await openRequest(manager, tenantId, id);
    if (request.userId !== userId.toLowerCase()) {
      throw new DomainError('unprocessable', `Payment request ${id} is of another user`);
    }
    await changeStatus(manager, tenantId, request, 'approved');
  }

  /** Royalties is asked whose the reports are and whether they are open, before anything is booked. */
  private async requireReports(call: Call, { reportIds = [], userId }: RecordPayment): Promise<void> {
    if (reportIds.length === 0) return;
    const reports = await this.bus.ask(royalties.findReports, { ids: reportIds }, call);
    for (const id of reportIds) {
      const report = reports.find((found) => found.id === id);
      if (report?.userId !== userId.toLowerCase()) {
        throw new DomainError('unprocessable', `Report ${id} is not one of user ${userId}`);
      }
      if (report.debitState !== 'PENDING') {
        throw new DomainError('conflict', `Report ${id} is ${report.debitState} already`);
      }
    }
  }

  private async page(
    call: Call,
    type: 'payment' | 'paymentRequest',
    {
      page,
      size,
      userId,
      status,
    }: { page: number; size: number; userId?: string | undefined; status?: string | undefined },
  ) {
    const { tenantId } = principalOf(call);
    const { items, total } = await this.transactions.read(tenantId, (manager) =>
      listEntries(manager, tenantId, { type, userId: userId ?? null, status: status ?? null, page, size }),
    );
    return { items, total, page, totalPages: Math.ceil(total / size) };
  }
}

async function openRequest(manager: EntityManager, tenantId: number, id: number): Promise<EntryRow> {
  const request = await findEntryForUpdate(manager, tenantId, 'paymentRequest', id);
  if (!request) throw new DomainError('not_found', 'Payment request not found');
  if (request.status !== 'open')
    throw new DomainError('conflict', `Payment request ${id} is ${request.status} already`);
  return request;
}

function requireMinorUnits(amount: string, currency: string): void {
  const decimals = minorUnitsOf(currency);
  if (isDecimal(amount, { decimals })) return;
  const message = `amount must have at most ${decimals} decimals: it is paid in ${currency}`;
  throw new DomainError('bad_request', message, { details: [{ field: 'amount', message }] });
}

/** Never more than is due, rounded down to what can be paid. */
async function requireDue(
  manager: EntityManager,
  tenantId: number,
  { userId, amount, currency }: { userId: string; amount: string; currency: string },
): Promise<void> {
  const owed = await balance(manager, tenantId, { account: payableTo(userId.toLowerCase()), currency });
  const due = payable(multiply(owed, '-1'), currency);
  if (compare(amount, due) <= 0) return;
  throw new DomainError(
    'unprocessable',
    `The payment of ${amount} ${currency} is more than is due, ${due} ${currency}; send advance: true to pay ahead`,
  );
}
