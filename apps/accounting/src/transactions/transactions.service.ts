import type {
  Call,
  MonthlyQuery,
  Transaction,
  TransactionMonth,
  TransactionPage,
  TransactionSummary,
  TransactionsQuery,
} from '@countinghouse/contracts';
import { PeopleService } from '@countinghouse/people';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { shown } from '../domain/rounding.js';
import { entriesPage, type EntryOfUser } from '../entries/entries.query.js';
import { requireOrder } from '../entries/refusals.js';
import { transactionMonths, transactionTotals } from './transactions.query.js';

/** What people entered, and what that comes to. */
@Injectable()
export class TransactionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
  ) {}

  async list(call: Call, { page, size, ...filter }: TransactionsQuery): Promise<TransactionPage> {
    requireOrder(['start', filter.start], ['end', filter.end]);
    const { tenantId } = principalOf(call);
    const { rows, total } = await this.transactions.read(tenantId, (manager) =>
      entriesPage(manager, tenantId, filter, { page, size }),
    );
    return {
      transaction: rows.map(transactionOf),
      currentPage: page,
      totalPages: Math.ceil(total / size),
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
    requireOrder(['start', request.start], ['stop', request.stop]);
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

const transactionOf = (entry: EntryOfUser): Transaction => {
  const { id, type, amount, currency, transactionDate, title, memo, status, TenantUser } = entry;
  return { id, type, amount: shown(amount, currency), currency, transactionDate, title, memo, status, TenantUser };
};
