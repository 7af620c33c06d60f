import {
  accounting,
  type Call,
  type Expense,
  RecordExpense,
  RecordRevenue,
  type Revenue,
  VoidEntry,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { EntriesService } from './entries.service.js';

@Controller()
export class EntriesHandler {
  constructor(private readonly entries: EntriesService) {}

  @Answers(accounting.recordRevenue)
  recordRevenue(@Payload() request: RecordRevenue, @Ctx() call: Call): Promise<Revenue> {
    requireRole(call, 'admin');
    return this.entries.recordRevenue(call, request);
  }

  @Answers(accounting.voidRevenue)
  voidRevenue(@Payload() request: VoidEntry, @Ctx() call: Call): Promise<Revenue> {
    requireRole(call, 'admin');
    return this.entries.voidRevenue(call, request);
  }

  @Answers(accounting.recordExpense)
  recordExpense(@Payload() request: RecordExpense, @Ctx() call: Call): Promise<Expense> {
    requireRole(call, 'admin');
    return this.entries.recordExpense(call, request);
  }

  @Answers(accounting.voidExpense)
  voidExpense(@Payload() request: VoidEntry, @Ctx() call: Call): Promise<Expense> {
    requireRole(call, 'admin');
    return this.entries.voidExpense(call, request);
  }
}
