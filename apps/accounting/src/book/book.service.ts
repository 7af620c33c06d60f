import {
  type Call,
  DomainError,
  type ExchangeRate,
  type ExchangeRatePage,
  type Ledger,
  type LedgerQuery,
  type ListExchangeRates,
  type Period,
  type Reconciliation,
  royalties,
  type SetExchangeRate,
} from '@countinghouse/contracts';
import { balance, closeMonth, entries, reopenMonth } from '@countinghouse/ledger/tables';
import { isDay } from '@countinghouse/calendar';
import { multiply, sum } from '@countinghouse/money';
import { Bus, Jobs, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { totalBalances } from '../balances/balances.query.js';
import { BalancesService } from '../balances/balances.service.js';
import { delayedEarnings } from '../bookkeeping/earnings.store.js';
import { payableTo } from '../domain/chart.js';
import { requireOrder } from '../entries/refusals.js';
import { PeopleService } from '@countinghouse/people';
import { transactionTotals } from '../transactions/transactions.query.js';
import { listExchangeRates, saveExchangeRate } from './exchange-rates.store.js';
import { postingsSum, usedRates } from './reconciliation.query.js';

/** As many as surely fit into one answer. */
const entriesAtMost = 10_000;

/** The book itself: a user's ledger, rates, closed months, and whether everything ties out. */
@Injectable()
export class BookService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly balances: BalancesService,
    private readonly jobs: Jobs,
    private readonly bus: Bus,
  ) {}

  /** Every change of what a user is due, the oldest first. */
  async ledger(call: Call, { userId: asked, from, to }: LedgerQuery): Promise<Ledger> {
    requireOrder(['from', from], ['to', to]);
    const { tenantId } = principalOf(call);
    const userId = await this.balances.requireVisible(call, asked);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const found = await this.transactions.read(tenantId, (manager) =>
      entries(manager, tenantId, {
        account: payableTo(userId),
        currency,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { until: dayAfter(to) }),
        order: 'oldest-first',
        limit: entriesAtMost + 1,
      }),
    );
    if (found.length > entriesAtMost) {
      throw new DomainError(
        'unprocessable',
        `There are more than ${entriesAtMost} changes in that time; ask for less of it with from and to`,
      );
    }
    return {
      items: found.map(({ bookedOn, occurredOn, kind, source, amount, balance }) => ({
        date: bookedOn,
        occurredOn,
        kind,
        source: source ?? '',
        amount: multiply(amount, '-1'),
        balance: multiply(balance, '-1'),
      })),
    };
  }

  async setRate(call: Call, request: SetExchangeRate): Promise<ExchangeRate> {
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    if (request.to !== currency) throw refused('to', `to must be ${currency}, the tenant's currency`);
    if (request.from === currency) throw refused('from', `from must be another currency than ${currency}`);
    return this.transactions.run(call, async (manager) => {
      const rate = await saveExchangeRate(manager, tenantId, request, new Date());
      if (!rate) {
        throw new DomainError(
          'conflict',
          `Earnings of ${request.month} in ${request.from} have been converted already, so their rate stays`,
        );
      }
      await this.jobs.send(manager, 'bookkeeping', { tenantId }, { subject: `${tenantId}` });
      return rate;
    });
  }

  async listRates(call: Call, request: ListExchangeRates): Promise<ExchangeRatePage> {
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const { items, total } = await this.transactions.read(tenantId, (manager) =>
      listExchangeRates(manager, tenantId, currency, request),
    );
    return { items, total, page: request.page, totalPages: Math.ceil(total / request.size) };
  }

  close(call: Call, month: string): Promise<Period> {
    const { tenantId } = principalOf(call);
    const closedAt = new Date();
    return this.transactions.run(call, async (manager) => {
      if (!(await closeMonth(manager, tenantId, month, 'main', closedAt))) {
        throw new DomainError('conflict', `${month} is closed already`);
      }
      return { month, state: 'closed', closedAt: closedAt.toISOString() };
    });
  }

  reopen(call: Call, month: string): Promise<Period> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      if (!(await reopenMonth(manager, tenantId, month))) throw new DomainError('conflict', `${month} is open`);
      return { month, state: 'open', closedAt: null };
    });
  }

  /** Both sides of what must be equal, as they are at this moment. */
  async reconciliation(call: Call): Promise<Reconciliation> {
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const totals = await this.bus.ask(royalties.reportTotals, {}, call);
    return this.transactions.read(tenantId, async (manager) => {
      const rates = await usedRates(manager, tenantId);
      const balances = await totalBalances(manager, tenantId);
      const { payment } = await transactionTotals(manager, tenantId);
      const converted = totals.flatMap(({ currency: from, reportingMonth, total }) => {
        const month = `${reportingMonth.slice(0, 4)}-${reportingMonth.slice(4)}`;
        const rate = from === currency ? '1' : rates.get(`${from} ${month}`);
        return rate === undefined ? [] : [multiply(total, rate)];
      });
      const reports = sum(converted);
      return {
        gross: balances.gross,
        reports,
        difference: sum([balances.gross, multiply(reports, '-1')]),
        payments: balances.paid,
        summaryPayments: payment,
        postingsSum: await postingsSum(manager, tenantId),
        unallocated: await balance(manager, tenantId, { account: 'unallocated-royalties', currency }),
        delayed: await delayedEarnings(manager, tenantId, currency),
      };
    });
  }
}

const refused = (field: string, message: string) =>
  new DomainError('unprocessable', message, { details: [{ field, message }] });

const dayAfter = (day: string): string => {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  const next = date.toISOString().slice(0, 10);
  return isDay(next) ? next : 'infinity';
};
