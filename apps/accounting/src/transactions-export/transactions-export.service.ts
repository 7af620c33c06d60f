import { type Call, DomainError, type TransactionsExport, type TransactionsToExport } from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { transactionsAfter } from './transactions-after.query.js';
import { csvHeader, csvLine } from './transactions-csv.js';

/** Of one reply: enough to make little of the way there and back, few enough to weigh nothing with the longest memos. */
const rowsAtMost = 500;

/** All transactions as CSV, reply by reply: neither side ever holds more than one of them. */
@Injectable()
export class TransactionsExportService {
  constructor(private readonly transactions: Transactions) {}

  async next(call: Call, { after, ...filter }: TransactionsToExport): Promise<TransactionsExport> {
    const { start, end } = filter;
    if (start !== undefined && end !== undefined && start > end) {
      const message = `end must not be before start (${start})`;
      throw new DomainError('bad_request', message, { details: [{ field: 'end', message }] });
    }
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
