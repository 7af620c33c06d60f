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
import { PeopleService, type TenantSettings } from '@countinghouse/people';

interface RevenueFact {
  source: string;
  title: string;
  distributor: string | null;
  amount: string;
  rate: string;
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
    const { statementId, distributor, reportingMonth, currency, net, completedAt } = body;
    const month = `${reportingMonth.slice(0, 4)}-${reportingMonth.slice(4)}`;
    await manager.query(
      `INSERT INTO revenue_fact (tenant_id, source, title, distributor, month, currency, amount, occurred_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        tenantId,
        sourceOf(statementId),
        `Statement ${statementId}, ${distributor} ${month}`,
        distributor,
        month,
        currency,
        net,
        completedAt,
      ],
    );
    await this.jobs.send(manager, 'bookkeeping', { tenantId }, { subject: `${tenantId}` });
  }

  @OnFact(royaltiesFacts.statementVoided)
  async statementVoided({ tenantId, body }: FactEnvelope<StatementVoided>, manager: EntityManager): Promise<void> {
    const source = sourceOf(body.statementId);
    await manager.query(`DELETE FROM revenue_fact WHERE tenant_id = $1 AND source = $2 AND booked_at IS NULL`, [
      tenantId,
      source,
    ]);
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
      for (const fact of facts) await this.book(manager, tenantId, fact, tenant);
    });
  }

  private async book(
    manager: EntityManager,
    tenantId: number,
    { source, title, distributor, amount, rate, occurredAt }: RevenueFact,
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
        amount: multiply(amount, rate),
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
    await manager.query(
      `UPDATE exchange_rate SET is_used = true FROM revenue_fact AS fact
       WHERE exchange_rate.tenant_id = $1 AND fact.tenant_id = $1 AND fact.source = $2
         AND exchange_rate.currency = fact.currency AND exchange_rate.month = fact.month`,
      [tenantId, source],
    );
  }
}

const sourceOf = (statementId: number): string => `royalties.statement:${statementId}`;

const toBookNow = `
  SELECT source, title, distributor, amount, fact.occurred_at AS "occurredAt",
         CASE WHEN fact.currency = $2 THEN 1 ELSE exchange_rate.rate END AS rate
  FROM revenue_fact AS fact
  LEFT JOIN exchange_rate USING (tenant_id, currency, month)
  WHERE tenant_id = $1 AND booked_at IS NULL AND (fact.currency = $2 OR exchange_rate.rate IS NOT NULL)
  ORDER BY source
  FOR UPDATE OF fact`;
