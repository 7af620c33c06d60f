import {
  type FactEnvelope,
  royaltiesFacts,
  type StatementCompleted,
  type StatementVoided,
} from '@countinghouse/contracts';
import { dayIn } from '@countinghouse/calendar';
import { bookingDate } from '@countinghouse/ledger';
import { bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { compare, multiply } from '@countinghouse/money';
import { Jobs, OnFact, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { revenueJournal } from '../domain/entry-journals.js';
import { EntriesService, toBook } from '../entries/entries.service.js';
import { addEntry } from '../entries/entries.store.js';
import { useRate } from './earnings.store.js';
import { PeopleService, type TenantSettings } from '@countinghouse/people';

interface RevenueFact {
  source: string;
  title: string;
  distributor: string | null;
  month: string;
  currency: string;
  amount: string;
  occurredAt: Date;
}

/** Makes revenues of what other services tell, where the tenant wants that. */
@Injectable()
export class RevenueFactsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    private readonly people: PeopleService,
    private readonly entries: EntriesService,
  ) {}

  @OnFact(royaltiesFacts.statementCompleted)
  async statementCompleted(
    { tenantId, body }: FactEnvelope<StatementCompleted>,
    manager: EntityManager,
  ): Promise<void> {
    const { autoRevenue } = await this.people.tenant(tenantId);
    if (!autoRevenue.includes('royalties') || compare(body.net, '0') <= 0) return;
    await saveRevenueFact(manager, tenantId, body, null);
    await this.jobs.send(manager, 'bookkeeping', { tenantId }, { subject: `${tenantId}` });
  }

  /** What is voided before it was heard of is kept as done, so that it never becomes revenue. */
  @OnFact(royaltiesFacts.statementVoided)
  async statementVoided(
    { tenantId, body, occurredAt }: FactEnvelope<StatementVoided>,
    manager: EntityManager,
  ): Promise<void> {
    const source = sourceOf(body.statementId);
    await saveRevenueFact(manager, tenantId, body, occurredAt);
    const [entry] = await manager.query(
      `SELECT id FROM entry WHERE tenant_id = $1 AND source = $2 AND status = 'booked'`,
      [tenantId, source],
    );
    if (entry) await this.entries.voidEntry(manager, tenantId, 'revenue', { id: entry.id, reason: body.reason });
  }

  /** Books what is in the tenant's currency, or has a rate. */
  async bookAll(tenantId: number): Promise<void> {
    const tenant = await this.people.tenant(tenantId);
    await this.transactions.inTenant(tenantId, async (manager) => {
      const facts: RevenueFact[] = await manager.query(toBookNow, [tenantId, tenant.currency]);
      for (const fact of facts) {
        // Used first: from then on nobody changes it.
        const rate = fact.currency === tenant.currency ? '1' : await useRate(manager, tenantId, fact);
        if (rate !== null) await this.book(manager, tenantId, { ...fact, amount: multiply(fact.amount, rate) }, tenant);
      }
    });
  }

  private async book(
    manager: EntityManager,
    tenantId: number,
    { source, title, distributor, amount, occurredAt }: RevenueFact,
    { currency, timeZone }: TenantSettings,
  ): Promise<void> {
    const now = new Date();
    const occurredOn = dayIn(occurredAt, timeZone);
    const bookedOn = bookingDate(occurredOn, await closedMonths(manager, tenantId));
    const entry = await addEntry(
      manager,
      tenantId,
      {
        type: 'revenue',
        status: 'booked',
        amount,
        currency,
        transactionDate: bookedOn,
        title,
        source,
      },
      now,
    );
    await bookJournals(manager, tenantId, [revenueJournal({ ...toBook(entry), occurredOn, bookedOn }, distributor)]);
    await manager.query(`UPDATE revenue_fact SET booked_at = $3 WHERE tenant_id = $1 AND source = $2`, [
      tenantId,
      source,
      now,
    ]);
  }
}

const sourceOf = (statementId: number): string => `royalties.statement:${statementId}`;

/** Once; with `bookedAt` there is nothing to do about it any more. */
const saveRevenueFact = (
  manager: EntityManager,
  tenantId: number,
  { statementId, distributor, reportingMonth, currency, net, completedAt }: StatementCompleted,
  bookedAt: string | null,
): Promise<unknown> => {
  const month = `${reportingMonth.slice(0, 4)}-${reportingMonth.slice(4)}`;
  const title = `Statement ${statementId}, ${distributor} ${month}`;
  return manager.query(
    `INSERT INTO revenue_fact AS known
       (tenant_id, source, title, distributor, month, currency, amount, occurred_at, booked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (tenant_id, source) DO UPDATE SET booked_at = coalesce(known.booked_at, excluded.booked_at)`,
    [tenantId, sourceOf(statementId), title, distributor, month, currency, net, completedAt, bookedAt],
  );
};

const toBookNow = `
  SELECT source, title, distributor, month, currency, amount, occurred_at AS "occurredAt"
  FROM revenue_fact AS fact
  WHERE tenant_id = $1 AND booked_at IS NULL
    AND (currency = $2 OR EXISTS (
      SELECT FROM exchange_rate AS known
      WHERE known.tenant_id = $1 AND known.currency = fact.currency AND known.month = fact.month))
  ORDER BY source
  FOR UPDATE`;
