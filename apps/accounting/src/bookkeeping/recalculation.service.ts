import { setTimeout as delay } from 'node:timers/promises';
import {
  type Call,
  DomainError,
  type QueueStatus,
  type Refreshed,
  type StatisticsFlow,
  type TenantRecalculation,
  type UserRecalculation,
} from '@countinghouse/contracts';
import { Jobs, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PeopleService } from '@countinghouse/people';
import { delayedEarnings } from './earnings.store.js';
import {
  countUsers,
  findRecalculation,
  measuredSpeed,
  type Recalculation,
  recalculationCounts,
  requestRecalculation,
} from './recalculation.store.js';

const refreshesAtMost = 1_000;
const pollMs = 50;
const patienceMs = 25_000;
const order = 'Product Stats → Asset Stats → Artist Stats → Accounting';

/** What people ask of recalculations; the work is `BookkeepingJob`'s. */
@Injectable()
export class RecalculationService {
  constructor(
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    private readonly people: PeopleService,
  ) {}

  /** Everybody's earnings are looked at again, by themselves. */
  splitsChanged(manager: EntityManager, tenantId: number): Promise<void> {
    return this.jobs.send(manager, 'bookkeeping', { tenantId }, { subject: `${tenantId}` });
  }

  async ofUser(call: Call, userId: string): Promise<UserRecalculation> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await this.people.requireUser(manager, tenantId, userId, call);
      const { id } = await this.request(manager, tenantId, { scope: 'user', userId, userCount: 1 });
      return { message: 'User accounting update queued successfully', jobId: id, userId, status: 'queued' };
    });
  }

  async ofTenant(call: Call, batchSize: number): Promise<TenantRecalculation> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const { id, userCount } = await this.requestAll(manager, tenantId, 'tenant');
      const estimatedTime = inWords(userCount, await measuredSpeed(manager, tenantId));
      return {
        message: 'Tenant accounting update queued successfully',
        jobId: id,
        tenantId,
        status: 'queued',
        info: { batchSize, estimatedTime },
      };
    });
  }

  async ofStatistics(call: Call): Promise<StatisticsFlow> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const { id } = await this.requestAll(manager, tenantId, 'flow');
      return {
        message: 'Stats and accounting refresh queued successfully',
        flowId: id,
        tenantId,
        status: 'queued',
        info: { triggeredBy: 'manual', executionOrder: order },
      };
    });
  }

  /** Recalculates everybody before it answers. */
  async refresh(call: Call): Promise<Refreshed> {
    const { tenantId } = principalOf(call);
    const { id, userCount } = await this.transactions.inTenant(tenantId, async (manager) => {
      const users = await countUsers(manager, tenantId);
      if (users > refreshesAtMost) {
        throw new DomainError(
          'unprocessable',
          `There are ${users} users, and only up to ${refreshesAtMost} are refreshed at once; use POST /accounting/tenant/recalculate`,
        );
      }
      return this.requestAll(manager, tenantId, 'tenant');
    });
    await this.finished(tenantId, id);
    return { message: 'success', processedCount: userCount, totalUsers: userCount };
  }

  /** Recalculates one user before it returns. */
  async now(tenantId: number, userId: string): Promise<void> {
    const { id } = await this.transactions.inTenant(tenantId, (manager) =>
      this.request(manager, tenantId, { scope: 'user', userId, userCount: 1 }),
    );
    await this.finished(tenantId, id);
  }

  async status(call: Call, jobId: string | undefined): Promise<QueueStatus> {
    const { tenantId } = principalOf(call);
    const tenant = await this.people.tenant(tenantId, call.requestId);
    return this.transactions.read(tenantId, async (manager) => {
      if (jobId !== undefined) return statusOf(await this.get(manager, tenantId, jobId));
      const counts = await recalculationCounts(manager, tenantId);
      const waitingForRates = await delayedEarnings(manager, tenantId, tenant.currency);
      return { queue: { ...counts, delayed: counts.delayed + waitingForRates.length } };
    });
  }

  private async requestAll(manager: EntityManager, tenantId: number, scope: 'tenant' | 'flow'): Promise<Recalculation> {
    const userCount = await countUsers(manager, tenantId);
    return this.request(manager, tenantId, { scope, userId: null, userCount });
  }

  private async request(
    manager: EntityManager,
    tenantId: number,
    wanted: Pick<Recalculation, 'scope' | 'userId' | 'userCount'>,
  ): Promise<Recalculation> {
    const recalculation = await requestRecalculation(manager, tenantId, wanted, new Date());
    await this.jobs.send(manager, 'bookkeeping', { tenantId }, { subject: `${tenantId}` });
    return recalculation;
  }

  private async finished(tenantId: number, id: string): Promise<void> {
    for (const deadline = performance.now() + patienceMs; performance.now() < deadline; await delay(pollMs)) {
      const { state, error } = await this.transactions.read(tenantId, (manager) => this.get(manager, tenantId, id));
      if (state === 'completed') return;
      if (state === 'failed') throw new Error(`The recalculation failed: ${error}`);
    }
    throw new DomainError('deadline_exceeded', 'The recalculation goes on; ask again in a while');
  }

  private async get(manager: EntityManager, tenantId: number, id: string): Promise<Recalculation> {
    const found = await findRecalculation(manager, tenantId, id);
    if (!found) throw new DomainError('not_found', 'Job not found');
    return found;
  }
}

const statusOf = (job: Recalculation): QueueStatus => ({
  jobId: job.id,
  state: job.state,
  progress: Number(job.progress),
  data: { triggeredBy: job.triggeredBy, timestamp: job.createdAt.toISOString(), userCount: job.userCount },
  ...(job.error !== null && { error: job.error }),
  timestamps: {
    created: job.createdAt.getTime(),
    processed: job.startedAt?.getTime() ?? null,
    finished: job.finishedAt?.getTime() ?? null,
  },
});

/** Before anything was measured: a second, whatever there is. */
function inWords(users: number, msPerUser: number | null): string {
  const seconds = Math.max(1, Math.ceil(((msPerUser ?? 0) * users) / 1_000));
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `~${count} ${unit}${count === 1 ? '' : 's'} for ${users} users`;
}
