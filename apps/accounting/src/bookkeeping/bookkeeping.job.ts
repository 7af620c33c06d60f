import { Job, type JobData, OnJobFailed, type RunningJob } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AdjustmentsService } from './adjustments.service.js';
import { EarningsUnreadable } from './earnings-files.service.js';
import { EarningsService } from './earnings.service.js';
import { changeRecalculations, openRecalculations } from './recalculation.store.js';
import { RevenueFactsService } from './revenue-facts.service.js';
import { SplitChangesService } from './split-changes.service.js';

/**
 * All bookkeeping of a tenant that nobody does by hand, one after the other. Whatever changes meanwhile has sent another
 * job, which is queued behind this one.
 */
@Injectable()
export class BookkeepingJob {
  constructor(
    private readonly splitChanges: SplitChangesService,
    private readonly earnings: EarningsService,
    private readonly revenues: RevenueFactsService,
    private readonly adjustments: AdjustmentsService,
  ) {}

  @Job<JobData>('bookkeeping', { concurrency: 2 })
  async run({ tenantId }: JobData, { signal }: RunningJob): Promise<void> {
    const steps = [
      () => this.splitChanges.book(tenantId),
      () => this.earnings.bookAll(tenantId, signal),
      () => this.revenues.bookAll(tenantId),
      () => this.adjustments.recalculate(tenantId, signal),
    ];
    const unreadable: EarningsUnreadable[] = [];
    for (const step of steps) {
      signal.throwIfAborted();
      try {
        await step();
      } catch (error) {
        if (!(error instanceof EarningsUnreadable)) throw error;
        unreadable.push(error);
      }
    }
    // Tried again soon: it may well be there by then.
    if (unreadable[0]) throw unreadable[0];
  }

  @OnJobFailed<JobData>('bookkeeping')
  async gaveUp({ tenantId }: JobData, { message }: Error, manager: EntityManager): Promise<void> {
    const open = await openRecalculations(manager, tenantId);
    const ids = open.map(({ id }) => id);
    await changeRecalculations(manager, tenantId, ids, { state: 'failed', error: message, finishedAt: new Date() });
  }
}
