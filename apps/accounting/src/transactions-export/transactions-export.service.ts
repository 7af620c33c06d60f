import type { Call, TransactionsExport, TransactionsToExport } from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { requireOrder } from '../entries/refusals.js';
import { transactionsAfter } from './transactions-after.query.js';
import { csvHeader, csvLine } from './transactions-csv.js';

/** Of one reply: enough to make little of the way there and back, few enough to weigh nothing with the longest memos. */
const rowsAtMost = 500;

/** All transactions as CSV, reply by reply: neither side ever holds more than one of them. */
@Injectable()
export class TransactionsExportService {
  constructor(private readonly transactions: Transactions) {}

  async next(call: Call, { after, ...filter }: TransactionsToExport): Promise<TransactionsExport> {
    requireOrder(['start', filter.start], ['end', filter.end]);
    const { tenantId } = principalOf(call);
    const rows = await this.transactions.read(tenantId, (manager) =>
      transactionsAfter(manager, tenantId, filter, after, rowsAtMost),
    );
    const last = rows.at(rowsAtMost - 1);
    return {
      csv: [...(after ? [] : [csvHeader]), ...rows.map(csvLine)].join(''),
      next: last ? { transactionDate: last.transactionDate, id: last.id } : null,
    };
  }
}
