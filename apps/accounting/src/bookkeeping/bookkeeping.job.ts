import { dayIn } from '@countinghouse/calendar';
import { bookingDate } from '@countinghouse/ledger';
import { bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { multiply, sum } from '@countinghouse/money';
import { Job, type JobData, OnJobFailed, type RunningJob, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { adjustmentJournal } from '../domain/earnings-journal.js';
import type { Credit, Evaluation } from '../engine/evaluate-splits.js';
import { PeopleService } from '@countinghouse/people';
import { lockRevision, saveBookedRevision, splitRevisions } from '../splits/splits.store.js';
import { earningsInForce } from './earnings.store.js';
import { EarningsService } from './earnings.service.js';
import { EvaluationService } from './evaluation.service.js';
import { bookedEarnings, changeRecalculations, openRecalculations } from './recalculation.store.js';
import { RevenueFactsService } from './revenue-facts.service.js';
import { replaceRoyaltyTotals } from './royalty-totals.store.js';

/** How many users are adjusted in one transaction. */
const usersAtOnce = 500;

/**
 * All bookkeeping of a tenant that nobody does by hand, one after the other: what was earned is booked; then, when splits
 * changed or somebody asked for it, everything is split again and the differences are booked.
 */
@Injectable()
export class BookkeepingJob {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly earnings: EarningsService,
    private readonly revenues: RevenueFactsService,
    private readonly evaluation: EvaluationService,
  ) {}

  @Job<JobData>('bookkeeping', { concurrency: 2 })
  async run({ tenantId }: JobData, { signal }: RunningJob): Promise<void> {
    for (;;) {
      await this.earnings.bookAll(tenantId, signal);
      await this.revenues.bookAll(tenantId);
      const { open, revisions } = await this.transactions.read(tenantId, async (manager) => ({
        open: await openRecalculations(manager, tenantId),
        revisions: await splitRevisions(manager, tenantId),
      }));
      const isCurrent = revisions.revision === revisions.bookedRevision;
      if (open.length === 0 && isCurrent) return;
      signal.throwIfAborted();
      // One look at everything is good for all that were asked for.
      await this.recalculate(
        tenantId,
        open.map(({ id }) => id),
        signal,
      );
    }
  }

  @OnJobFailed<JobData>('bookkeeping')
  async gaveUp({ tenantId }: JobData, reason: Error, manager: EntityManager): Promise<void> {
    const open = await openRecalculations(manager, tenantId);
    await changeRecalculations(
      manager,
      tenantId,
      open.map(({ id }) => id),
      { state: 'failed', error: reason.message, finishedAt: new Date() },
    );
  }

  private async recalculate(tenantId: number, asked: string[], signal: AbortSignal): Promise<void> {
    const note = (changes: Parameters<typeof changeRecalculations>[3]) =>
      this.transactions.inTenant(tenantId, (manager) => changeRecalculations(manager, tenantId, asked, changes));
    await note({ state: 'active', startedAt: new Date(), progress: 5 });
    const inForce = await this.transactions.read(tenantId, (manager) => earningsInForce(manager, tenantId));
    const isDone = await this.evaluation.evaluate(tenantId, inForce, async (evaluation, revision) => {
      await note({ progress: 60 });
      return this.adjust(tenantId, evaluation, revision, asked[0], async (done) => {
        signal.throwIfAborted();
        await note({ progress: 60 + Math.floor(40 * done) });
      });
    });
    if (isDone) await note({ state: 'completed', progress: 100, finishedAt: new Date() });
  }

  /**
   * Books what users should have and do not, in batches: a batch that is repeated finds nothing to book any more.
   *
   * @returns false when splits changed meanwhile, so that it has to begin again
   */
  private async adjust(
    tenantId: number,
    { totals, credits }: Evaluation,
    revision: number,
    asked: string | undefined,
    onProgress: (done: number) => Promise<void>,
  ): Promise<boolean> {
    const { currency, timeZone } = await this.people.tenant(tenantId);
    const booked = await this.transactions.read(tenantId, (manager) => bookedEarnings(manager, tenantId));
    const due = await sumsByUser(totals());
    const left = [...booked.keys()].filter((userId) => !due.has(userId));
    const count = due.size + left.length;
    const key = asked === undefined ? `splits:${revision}` : `recalculation:${asked}`;
    const source = asked === undefined ? 'changed splits' : `recalculation ${asked}`;
    let done = 0;
    for await (const batch of byUsers(credits(), left)) {
      const isCurrent = await this.transactions.inTenant(
        tenantId,
        async (manager) => {
          if ((await lockRevision(manager, tenantId)) !== revision) return false;
          const on = bookingDate(dayIn(new Date(), timeZone), await closedMonths(manager, tenantId));
          const journals = batch.users.map((userId) => {
            const amount = sum([due.get(userId) ?? '0', multiply(booked.get(userId) ?? '0', '-1')]);
            return adjustmentJournal({ userId, amount }, currency, { key, source, on });
          });
          await bookJournals(
            manager,
            tenantId,
            journals.filter((journal) => journal !== null),
          );
          await replaceRoyaltyTotals(manager, tenantId, batch.users, batch.credits);
          return true;
        },
        { statementTimeoutMs: 0 },
      );
      if (!isCurrent) return false;
      done += batch.users.length;
      await onProgress(done / count);
    }
    return this.transactions.inTenant(tenantId, async (manager) => {
      if ((await lockRevision(manager, tenantId)) !== revision) return false;
      await saveBookedRevision(manager, tenantId, revision);
      return true;
    });
  }
}

async function sumsByUser(batches: AsyncGenerator<Credit[]>): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for await (const batch of batches) {
    for (const { userId, royalty } of batch) sums.set(userId, sum([sums.get(userId) ?? '0', royalty]));
  }
  return sums;
}

interface UserBatch {
  users: string[];
  credits: Credit[];
}

/** The credits of so many users at a time; they come in the order of users. At the end, users who have none any more. */
async function* byUsers(batches: AsyncGenerator<Credit[]>, without: string[]): AsyncGenerator<UserBatch> {
  let users = new Set<string>();
  let credits: Credit[] = [];
  for await (const batch of batches) {
    for (const credit of batch) {
      if (!users.has(credit.userId) && users.size === usersAtOnce) {
        yield { users: [...users], credits };
        users = new Set();
        credits = [];
      }
      users.add(credit.userId);
      credits.push(credit);
    }
  }
  if (users.size > 0) yield { users: [...users], credits };
  for (let at = 0; at < without.length; at += usersAtOnce) {
    yield { users: without.slice(at, at + usersAtOnce), credits: [] };
  }
}
