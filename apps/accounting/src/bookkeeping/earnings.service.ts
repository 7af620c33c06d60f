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
import { lockRevision } from '../splits/splits.store.js';
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

  /** Books all that can be booked. What takes something back comes after it, so it is looked for again. */
  async bookAll(tenantId: number, signal: AbortSignal): Promise<void> {
    const tenant = await this.people.tenant(tenantId);
    for (;;) {
      signal.throwIfAborted();
      const earnings = await this.transactions.read(tenantId, (manager) =>
        earningsToBook(manager, tenantId, tenant.currency),
      );
      if (earnings.length === 0) return;
      await this.book(tenantId, earnings, tenant);
    }
  }

  /** In one transaction, by splits that still are what they were when it ends; else nothing is booked. */
  private book(tenantId: number, earnings: Earnings[], tenant: TenantSettings): Promise<void> {
    return this.evaluation.evaluate(tenantId, earnings, async ({ totals, credits }, revision) => {
      const users = Map.groupBy(await all(totals()), ({ group }) => group);
      const save = async (manager: EntityManager): Promise<void> => {
        if ((await lockRevision(manager, tenantId)) !== revision) return;
        const closed = await closedMonths(manager, tenantId);
        const journals = earnings.map((one, at) => this.journalOf(one, users.get(at) ?? [], tenant, closed));
        const toBook = journals.filter((journal) => journal !== null);
        await bookJournals(manager, tenantId, toBook);
        for await (const batch of credits()) await addRoyaltyTotals(manager, tenantId, batch);
        await saveEarningsBooked(manager, tenantId, earnings, new Date());
      };
      await this.transactions.inTenant(tenantId, save, { statementTimeoutMs: 0 });
    });
  }

  private journalOf(
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
}

const all = async <T>(batches: AsyncGenerator<T[]>): Promise<T[]> => {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
};
