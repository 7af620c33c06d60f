import {
  accounting,
  BalancesQuery,
  type Call,
  ListExchangeRates,
  MonthlyQuery,
  OfUser,
  PeriodMonth,
  QueueQuery,
  RecalculateTenant,
  SetExchangeRate,
  TransactionsQuery,
} from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { LedgerDays, RecalculationOptions, StatsOptions } from './accounting.dto.js';

const queued = { roles: ['admin'], status: 202 } as const;

@ApiTags('Accounting')
@Controller('accounting')
export class AccountingController {
  constructor(private readonly bus: Bus) {}

  /** What everybody has earned, got and is due. Members, and any other or deleted user who is in the book. */
  @Get('getcurrentdue')
  @Asks(accounting.currentDue, { roles: ['admin'], etag: true })
  currentDue(@Query() filter: BalancesQuery, @Caller() call: Call) {
    return this.bus.askForReply(accounting.currentDue, filter, call);
  }

  /** The sums over the same users, rounded once. */
  @Get('gettotaldue')
  @Asks(accounting.totalDue, { roles: ['admin'], etag: true })
  totalDue(@Caller() call: Call) {
    return this.bus.askForReply(accounting.totalDue, {}, call);
  }

  /** Payments, revenues, expenses and payment requests, newest first. */
  @Get('transactions')
  @Asks(accounting.transactions, { roles: ['admin'] })
  transactions(@Query() filter: TransactionsQuery, @Caller() call: Call) {
    return this.bus.askForReply(accounting.transactions, filter, call);
  }

  /** All-time totals; what was voided is in none. */
  @Get('transactions/summary')
  @Asks(accounting.transactionSummary, { roles: ['admin'], etag: true })
  transactionSummary(@Caller() call: Call) {
    return this.bus.askForReply(accounting.transactionSummary, {}, call);
  }

  /** Totals month by month; months without transactions have zeros. */
  @Get('transactions/monthly')
  @Asks(accounting.transactionMonths, { roles: ['admin'], etag: true })
  transactionMonths(@Query() days: MonthlyQuery, @Caller() call: Call) {
    return this.bus.askForReply(accounting.transactionMonths, days, call);
  }

  /** Splits one user's earnings again, and books what has changed. */
  @Post('users/:userId/recalculate')
  @Asks(accounting.recalculateUser, queued)
  recalculateUser(@Param() user: OfUser, @Query() options: RecalculationOptions, @Caller() call: Call) {
    return this.bus.askForReply(accounting.recalculateUser, { ...user, ...options }, call);
  }

  /** Splits everybody's earnings again, and books what has changed. One runs at a time; asking again answers its id. */
  @Post('tenant/recalculate')
  @Asks(accounting.recalculateTenant, queued)
  recalculateTenant(@Query() options: RecalculateTenant, @Caller() call: Call) {
    return this.bus.askForReply(accounting.recalculateTenant, options, call);
  }

  /** Recalculates everybody before it answers; up to 1,000 users. */
  @Get('refresh')
  @Asks(accounting.refresh, { roles: ['admin'], load: 'long' })
  refresh(@Caller() call: Call) {
    return this.bus.askForReply(accounting.refresh, {}, call);
  }

  /** Statistics, then accounting, as one flow that `queue/status` knows by its `flowId`. */
  @Get('refreshstats')
  @Asks(accounting.refreshStatistics, queued)
  refreshStatistics(@Caller() call: Call) {
    return this.bus.askForReply(accounting.refreshStatistics, {}, call);
  }

  /** One recalculation, or how many there are in each state. Earnings that wait for an exchange rate are delayed. */
  @Get('queue/status')
  @Asks(accounting.queueStatus, { roles: ['admin'] })
  queueStatus(@Query() query: QueueQuery, @Caller() call: Call) {
    return this.bus.askForReply(accounting.queueStatus, query, call);
  }

  /** Both sides of what must be equal, exact; the difference is 0. */
  @Get('reconciliation')
  @Asks(accounting.reconciliation, { roles: ['admin'] })
  reconciliation(@Caller() call: Call) {
    return this.bus.askForReply(accounting.reconciliation, {}, call);
  }

  /** Sets the rate for earnings of a currency and month; those that wait for it go on. A rate in use stays. */
  @Post('exchange-rates')
  @Asks(accounting.setExchangeRate, { roles: ['admin'], status: 201 })
  setExchangeRate(@Body() rate: SetExchangeRate, @Caller() call: Call) {
    return this.bus.askForReply(accounting.setExchangeRate, rate, call);
  }

  /** The tenant's exchange rates, latest month first. */
  @Get('exchange-rates')
  @Asks(accounting.listExchangeRates, { roles: ['admin'] })
  listExchangeRates(@Query() filter: ListExchangeRates, @Caller() call: Call) {
    return this.bus.askForReply(accounting.listExchangeRates, filter, call);
  }

  /** Closes a month: it takes no more entries dated in it. */
  @Post('periods/:month/close')
  @Asks(accounting.closePeriod, { roles: ['admin'], status: 200 })
  closePeriod(@Param() period: PeriodMonth, @Caller() call: Call) {
    return this.bus.askForReply(accounting.closePeriod, period, call);
  }

  /** Opens a closed month again. */
  @Post('periods/:month/reopen')
  @Asks(accounting.reopenPeriod, { roles: ['admin'], status: 200 })
  reopenPeriod(@Param() period: PeriodMonth, @Caller() call: Call) {
    return this.bus.askForReply(accounting.reopenPeriod, period, call);
  }

  /** What one user has earned, got and is due. Members see their own. */
  @Get(':userId/stats')
  @Asks(accounting.stats, { roles: ['member', 'admin'], etag: true, load: 'long' })
  stats(@Param() user: OfUser, @Query() options: StatsOptions, @Caller() call: Call) {
    return this.bus.askForReply(accounting.stats, { ...user, ...options }, call);
  }

  /**
   * Every change of what a user is due, why, and from which source; up to 10,000 of them, so more are asked for with
   * `from` and `to`. Members see their own.
   */
  @Get(':userId/ledger')
  @Asks(accounting.ledger, { roles: ['member', 'admin'] })
  ledger(@Param() user: OfUser, @Query() days: LedgerDays, @Caller() call: Call) {
    return this.bus.askForReply(accounting.ledger, { ...user, ...days }, call);
  }
}
