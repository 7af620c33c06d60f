import { textCell } from '@countinghouse/tabular';
import type { ExportedTransaction } from './transactions-after.query.js';

export const csvHeader = '\uFEFFId,Type,Date,Title,Amount,Currency,Status,User,E-mail,Memo\r\n';

/** A transaction as a line of CSV. Its amount has all its digits, so that the sum of the column is the book's. */
export function csvLine(transaction: ExportedTransaction): string {
  const { id, type, transactionDate, title, amount, currency, status, userName, email, memo } = transaction;
  const text = (value: string | null) => textCell(value ?? '', ',');
  const cells = [
    id,
    type,
    transactionDate,
    text(title),
    amount,
    currency,
    status,
    ...[userName, email, memo].map(text),
  ];
  return `${cells.join(',')}\r\n`;
}
