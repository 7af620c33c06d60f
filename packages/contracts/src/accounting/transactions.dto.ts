import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { Exact } from '../exact.js';
import { Day, maxId, NumberInText } from '../fields.js';

export const transactionTypes = ['payment', 'revenue', 'expense', 'paymentRequest'] as const;
export type TransactionType = (typeof transactionTypes)[number];

export class TransactionsFilter {
  /** First day. @example "2025-01-01" */
  @IsOptional()
  @Day()
  start?: string;

  /** Last day. @example "2025-12-31" */
  @IsOptional()
  @Day()
  end?: string;

  @IsOptional()
  @IsIn(transactionTypes)
  type?: TransactionType;

  @IsOptional()
  @IsUUID()
  userId?: string;
}

export class TransactionsQuery extends TransactionsFilter {
  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page: number = 1;

  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(100)
  size: number = 10;
}

export class TenantUser {
  id: string;
  /** @example "John" */
  firstName: string;
  /** @example "Doe" */
  lastName: string;
  /** @example "John Doe" */
  fullName: string;
  /** @example "john@example.com" */
  email: string;
}

export class Transaction {
  /** @example 812 */
  id: number;
  /** @example "payment" */
  type: TransactionType;
  @Exact('100')
  amount: string;
  /** @example "EUR" */
  currency: string;
  /** @example "2025-09-01" */
  transactionDate: string;
  /** @example "Royalties August" */
  title: string;
  memo: string | null;
  /** `booked` or `voided`; of a payment request `open`, `approved` or `declined`. @example "booked" */
  status: string;
  TenantUser: TenantUser | null;
}

export class TransactionPage {
  transaction: Transaction[];
  currentPage: number;
  totalPages: number;
  totalItem: number;
}

/** Where a transaction stands among all, the newest first. */
export class TransactionPosition {
  @Day()
  transactionDate: string;

  @IsInt()
  @Min(1)
  @Max(maxId)
  id: number;
}

export class TransactionsToExport extends TransactionsFilter {
  /** Goes on behind this one. */
  @IsOptional()
  @ValidateNested()
  @Type(() => TransactionPosition)
  after?: TransactionPosition;
}

/** A piece of a CSV file; the first one begins with its header. */
export class TransactionsExport {
  csv: string;
  /** Where the next one goes on; `null` at the end. */
  next: TransactionPosition | null;
}

export class TransactionTotals {
  @Exact('50000')
  totalPayments: string;
  @Exact('125000.5')
  totalRevenues: string;
  @Exact('15000.25')
  totalExpenses: string;
  /** Revenues less payments and expenses. */
  @Exact('60000.25')
  netAmount: string;
}

export class TransactionSummary {
  /** @example "success" */
  message: string;
  summary: TransactionTotals;
}

export class MonthlyQuery {
  /** First day; the first month there is when not given. @example "2025-01-01" */
  @IsOptional()
  @Day()
  start?: string;

  /** Last day. @example "2025-12-31" */
  @IsOptional()
  @Day()
  stop?: string;
}

export class MonthlyTotals {
  @Exact('5000')
  payment: string;
  @Exact('12500.5')
  revenue: string;
  @Exact('1500.25')
  expense: string;
  @Exact('6000.25')
  net: string;
}

export class TransactionMonth {
  /** Its first day. @example "2025-08-01" */
  month: string;
  transactions: MonthlyTotals;
}
