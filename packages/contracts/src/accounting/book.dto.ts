import { IsOptional, Matches } from 'class-validator';
import { Exact } from '../exact.js';
import { Amount, Currency, Day, DashedMonth } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';
import { OfUser } from './balances.dto.js';

export class LedgerQuery extends OfUser {
  /** First day of booking. */
  @IsOptional()
  @Day()
  from?: string;

  /** Last day of booking. */
  @IsOptional()
  @Day()
  to?: string;
}

/** One change of what a user is owed. */
export class LedgerItem {
  /** Day of booking. @example "2025-09-01" */
  date: string;
  /** The day it belongs to. @example "2025-08-31" */
  occurredOn: string;
  /** @example "earnings" */
  kind: string;
  /** What made it. @example "statement 12, KONTOR 202508" */
  source: string;
  @Exact('86.4017394675')
  amount: string;
  /** What is due after it. */
  @Exact('186.4017394675')
  balance: string;
}

export class Ledger {
  items: LedgerItem[];
}

export class UserStatementQuery extends OfUser {
  /** @example "2025-09" */
  @DashedMonth()
  month: string;
}

export class SetExchangeRate {
  @Currency()
  from: string;

  /** The tenant's currency. */
  @Currency()
  to: string;

  /** Reporting month. @example "2025-08" */
  @DashedMonth()
  month: string;

  /** How much of `to` one of `from` is. @example "0.8543" */
  @Amount({ decimals: 12, min: '0.000000000001' })
  rate: string;
}

export class ExchangeRate {
  from: string;
  to: string;
  month: string;
  @Exact('0.8543')
  rate: string;
  /** Earnings have been converted with it, so it stays. */
  isUsed: boolean;
  createdAt: string;
}

export class ListExchangeRates extends Paging {
  @IsOptional()
  @Matches(/^[A-Z]{3}$/)
  from?: string;

  @IsOptional()
  @DashedMonth()
  month?: string;
}

export class ExchangeRatePage extends Page {
  items: ExchangeRate[];
}

export class PeriodMonth {
  /** @example "2025-08" */
  @DashedMonth()
  month: string;
}

export class Period {
  /** @example "2025-08" */
  month: string;
  /** @example "closed" */
  state: 'open' | 'closed';
  closedAt: string | null;
}

/** Both sides of what must be equal; exact, not rounded. */
export class Reconciliation {
  /** Credited to all users. */
  @Exact('86.4017394675')
  gross: string;
  /** Total of all royalty reports, converted. */
  @Exact('86.4017394675')
  reports: string;
  @Exact('0')
  difference: string;
  /** Payments in the ledger. */
  @Exact('50')
  payments: string;
  /** Payments in the list of transactions. */
  @Exact('50')
  summaryPayments: string;
  /** Of the whole ledger. */
  @Exact('0')
  postingsSum: string;
  /** What a recalculation that is under way has taken from users and not given to others yet. */
  @Exact('0')
  unallocated: string;
  /** Earnings that wait for an exchange rate or cannot be read, by currency and month. */
  delayed: DelayedEarnings[];
}

export class DelayedEarnings {
  /** @example "USD" */
  currency: string;
  /** Reporting month. @example "2025-08" */
  month: string;
  @Exact('12.5')
  amount: string;
  /** What they wait for. @example "There is no exchange rate" */
  reason: string;
}
