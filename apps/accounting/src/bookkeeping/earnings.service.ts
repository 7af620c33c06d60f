import {
  type EarningsPublished,
  type EarningsWithdrawn,
  type FactEnvelope,
  royaltiesFacts,
} from '@countinghouse/contracts';
import { dayIn } from '@countinghouse/calendar';
import { bookingDate, type Journal } from '@countinghouse/ledger';
import { bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { multiply } from '@countinghouse/money';
import { Jobs, OnFact, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { earningsJournal } from '../domain/earnings-journal.js';
import type { Credit } from '../engine/evaluate-splits.js';
import { PeopleService, type TenantSettings } from '@countinghouse/people';
import { bookedSplits, bookState, evaluated, takeStep } from './book-state.store.js';
import { EarningsUnreadable } from './earnings-files.service.js';
import { type Earnings, earningsToBook, saveEarnings, saveEarningsBooked } from './earnings.store.js';
import { EvaluationService } from './evaluation.service.js';
import { addRoyaltyTotals } from './royalty-totals.store.js';

/** Takes up what royalties has published, and books it. */
@Injectable()
export class EarningsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    private readonly people: PeopleService,
    private readonly evaluation: EvaluationService,
  ) {}

  @OnFact(royaltiesFacts.earningsPublished)
  published({ tenantId, occurredAt, body }: FactEnvelope<EarningsPublished>, manager: EntityManager): Promise<void> {
    return this.receive(tenantId, body, occurredAt, manager);
  }

  @OnFact(royaltiesFacts.earningsWithdrawn)
  withdrawn({ tenantId, occurredAt, body }: FactEnvelope<EarningsWithdrawn>, manager: EntityManager): Promise<void> {
    return this.receive(tenantId, { ...body, amount: multiply(body.amount, '-1') }, occurredAt, manager);
  }

  private async receive(
    tenantId: number,
    body: EarningsPublished | EarningsWithdrawn,
    occurredAt: string,
    manager: EntityManager,
  ): Promise<void> {
    await saveEarnings(manager, tenantId, body, occurredAt);
    await this.jobs.send(manager, 'bookkeeping', { tenantId }, { subject: `${tenantId}` });
  }

  /**
   * Books all that can be booked, each by itself, so that none waits for what is wrong with another. What takes something
   * back comes after it, so it is looked for again.
   *
   * @throws EarningsUnreadable after all others are booked
   */
  async bookAll(tenantId: number, signal: AbortSignal): Promise<void> {
    const tenant = await this.people.tenant(tenantId);
    const unreadable = new Map<number, EarningsUnreadable>();
    for (;;) {
      const found = await this.transactions.read(tenantId, (manager) =>
        earningsToBook(manager, tenantId, tenant.currency),
      );
      const earnings = found.filter(({ id }) => !unreadable.has(id));
      if (earnings.length === 0) break;
      for (const one of earnings) {
        signal.throwIfAborted();
        const problem = await problemOf(this.book(tenantId, one, tenant));
        if (problem) unreadable.set(one.id, problem);
      }
    }
    for (const problem of unreadable.values()) throw problem;
  }

  /** By the splits that all of the book is split by. */
  private async book(tenantId: number, earnings: Earnings, tenant: TenantSettings): Promise<void> {
    const { state, splits } = await this.transactions.read(tenantId, async (manager) => ({
      state: await bookState(manager, tenantId),
      splits: (await bookedSplits(manager, tenantId)).map(evaluated),
    }));
    await this.evaluation.evaluate(tenantId, { earnings: [earnings], splits }, async ({ totals, credits }) => {
      const users = await all(totals());
      const save = async (manager: EntityManager): Promise<void> => {
        await takeStep(manager, tenantId, state.version);
        const journal = journalOf(earnings, users, tenant, await closedMonths(manager, tenantId));
        await bookJournals(manager, tenantId, journal === null ? [] : [journal]);
        await addRoyaltyTotals(manager, tenantId, credits());
        await saveEarningsBooked(manager, tenantId, earnings, tenant.currency, new Date());
      };
      await this.transactions.inTenant(tenantId, save, { statementTimeoutMs: 0 });
    });
  }
}

function journalOf(
  earnings: Earnings,
  credits: Credit[],
  { currency, timeZone }: TenantSettings,
  closed: ReadonlySet<string>,
): Journal | null {
  const occurredOn = dayIn(earnings.occurredAt, timeZone);
  const total = multiply(earnings.amount, earnings.rate);
  const users = credits.map(({ userId, royalty }) => ({ userId, amount: royalty }));
  return earningsJournal({ ...earnings, total }, users, currency, {
    occurredOn,
    bookedOn: bookingDate(occurredOn, closed),
  });
}

const problemOf = async (booking: Promise<void>): Promise<EarningsUnreadable | null> => {
  try {
    await booking;
    return null;
  } catch (error) {
    if (error instanceof EarningsUnreadable) return error;
    throw error;
  }
};

const all = async <T>(batches: AsyncGenerator<T[]>): Promise<T[]> => {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
};
