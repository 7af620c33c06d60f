import {
  type Call,
  DomainError,
  type MonthlyQuery,
  type TransactionMonth,
  type TransactionPage,
  type TransactionSummary,
  type TransactionsQuery,
} from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { shown } from '../domain/rounding.js';
import { PeopleService } from '@countinghouse/people';
import { transactionMonths, transactionsPage, transactionTotals } from './transactions.query.js';

/** What people entered, and what that comes to. */
@Injectable()
export class TransactionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
  ) {}

  async list(call: Call, request: TransactionsQuery): Promise<TransactionPage> {
    requireOrder('end', request.start, request.end);
    const { tenantId } = principalOf(call);
    const { rows, total } = await this.transactions.read(tenantId, (manager) =>
      transactionsPage(manager, tenantId, request),
    );
    return {
      transaction: rows.map((row) => ({ ...row, amount: shown(row.amount, row.currency) })),
      currentPage: request.page,
      totalPages: Math.ceil(total / request.size),
      totalItem: total,
    };
  }

  async summary(call: Call): Promise<TransactionSummary> {
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const totals = await this.transactions.read(tenantId, (manager) => transactionTotals(manager, tenantId));
    return {
      message: 'success',
      summary: {
        totalPayments: shown(totals.payment, currency),
        totalRevenues: shown(totals.revenue, currency),
        totalExpenses: shown(totals.expense, currency),
        netAmount: shown(totals.net, currency),
      },
    };
  }

  async months(call: Call, request: MonthlyQuery): Promise<TransactionMonth[]> {
    requireOrder('stop', request.start, request.stop);
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const months = await this.transactions.read(tenantId, (manager) => transactionMonths(manager, tenantId, request));
    return months.map(({ month, payment, revenue, expense, net }) => ({
      month: `${month}-01`,
      transactions: {
        payment: shown(payment, currency),
        revenue: shown(revenue, currency),
        expense: shown(expense, currency),
        net: shown(net, currency),
      },
    }));
  }
}

function requireOrder(field: string, first: string | undefined, last: string | undefined): void {
  if (first === undefined || last === undefined || first <= last) return;
  const message = `${field} must not be before start (${first})`;
  throw new DomainError('bad_request', message, { details: [{ field, message }] });
}
