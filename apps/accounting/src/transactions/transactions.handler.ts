import {
  accounting,
  type Call,
  MonthlyQuery,
  Nothing,
  type TransactionMonth,
  type TransactionPage,
  type TransactionSummary,
  TransactionsQuery,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { TransactionsService } from './transactions.service.js';

@Controller()
export class TransactionsHandler {
  constructor(private readonly transactions: TransactionsService) {}

  @Answers(accounting.transactions)
  list(@Payload() request: TransactionsQuery, @Ctx() call: Call): Promise<TransactionPage> {
    requireRole(call, 'admin');
    return this.transactions.list(call, request);
  }

  @Answers(accounting.transactionSummary)
  summary(@Payload() _: Nothing, @Ctx() call: Call): Promise<TransactionSummary> {
    requireRole(call, 'admin');
    return this.transactions.summary(call);
  }

  @Answers(accounting.transactionMonths)
  months(@Payload() request: MonthlyQuery, @Ctx() call: Call): Promise<TransactionMonth[]> {
    requireRole(call, 'admin');
    return this.transactions.months(call, request);
  }
}
