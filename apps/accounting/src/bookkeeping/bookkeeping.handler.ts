import {
  accounting,
  type Call,
  Nothing,
  QueueQuery,
  type QueueStatus,
  RecalculateTenant,
  RecalculateUser,
  type Refreshed,
  type StatisticsFlow,
  type TenantRecalculation,
  type UserRecalculation,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RecalculationService } from './recalculation.service.js';

@Controller()
export class BookkeepingHandler {
  constructor(private readonly recalculations: RecalculationService) {}

  @Answers(accounting.recalculateUser)
  ofUser(@Payload() { userId }: RecalculateUser, @Ctx() call: Call): Promise<UserRecalculation> {
    requireRole(call, 'admin');
    return this.recalculations.ofUser(call, userId);
  }

  @Answers(accounting.recalculateTenant)
  ofTenant(@Payload() { batchSize }: RecalculateTenant, @Ctx() call: Call): Promise<TenantRecalculation> {
    requireRole(call, 'admin');
    return this.recalculations.ofTenant(call, batchSize);
  }

  @Answers(accounting.refresh)
  refresh(@Payload() _: Nothing, @Ctx() call: Call): Promise<Refreshed> {
    requireRole(call, 'admin');
    return this.recalculations.refresh(call);
  }

  @Answers(accounting.refreshStatistics)
  ofStatistics(@Payload() _: Nothing, @Ctx() call: Call): Promise<StatisticsFlow> {
    requireRole(call, 'admin');
    return this.recalculations.ofStatistics(call);
  }

  @Answers(accounting.queueStatus)
  status(@Payload() { jobId }: QueueQuery, @Ctx() call: Call): Promise<QueueStatus> {
    requireRole(call, 'admin');
    return this.recalculations.status(call, jobId);
  }
}
