import {
  accounting,
  type Balances,
  BalancesQuery,
  type Call,
  Nothing,
  StatsQuery,
  type TotalDue,
  type UserStats,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BalancesService } from './balances.service.js';

@Controller()
export class BalancesHandler {
  constructor(private readonly balances: BalancesService) {}

  @Answers(accounting.stats)
  stats(@Payload() request: StatsQuery, @Ctx() call: Call): Promise<UserStats> {
    requireRole(call, 'member', 'admin');
    return this.balances.stats(call, request);
  }

  @Answers(accounting.currentDue)
  current(@Payload() request: BalancesQuery, @Ctx() call: Call): Promise<Balances> {
    requireRole(call, 'admin');
    return this.balances.current(call, request);
  }

  @Answers(accounting.totalDue)
  total(@Payload() _: Nothing, @Ctx() call: Call): Promise<TotalDue> {
    requireRole(call, 'admin');
    return this.balances.total(call);
  }
}
