import {
  accounting,
  type Call,
  type ExchangeRate,
  type ExchangeRatePage,
  type Ledger,
  LedgerQuery,
  ListExchangeRates,
  Nothing,
  type Period,
  PeriodMonth,
  type Reconciliation,
  SetExchangeRate,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BookService } from './book.service.js';

@Controller()
export class BookHandler {
  constructor(private readonly book: BookService) {}

  @Answers(accounting.ledger)
  ledger(@Payload() request: LedgerQuery, @Ctx() call: Call): Promise<Ledger> {
    requireRole(call, 'member', 'admin');
    return this.book.ledger(call, request);
  }

  @Answers(accounting.setExchangeRate)
  setRate(@Payload() request: SetExchangeRate, @Ctx() call: Call): Promise<ExchangeRate> {
    requireRole(call, 'admin');
    return this.book.setRate(call, request);
  }

  @Answers(accounting.listExchangeRates)
  listRates(@Payload() request: ListExchangeRates, @Ctx() call: Call): Promise<ExchangeRatePage> {
    requireRole(call, 'admin');
    return this.book.listRates(call, request);
  }

  @Answers(accounting.closePeriod)
  close(@Payload() { month }: PeriodMonth, @Ctx() call: Call): Promise<Period> {
    requireRole(call, 'admin');
    return this.book.close(call, month);
  }

  @Answers(accounting.reopenPeriod)
  reopen(@Payload() { month }: PeriodMonth, @Ctx() call: Call): Promise<Period> {
    requireRole(call, 'admin');
    return this.book.reopen(call, month);
  }

  @Answers(accounting.reconciliation)
  reconciliation(@Payload() _: Nothing, @Ctx() call: Call): Promise<Reconciliation> {
    requireRole(call, 'admin');
    return this.book.reconciliation(call);
  }
}
