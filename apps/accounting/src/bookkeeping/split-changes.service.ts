import { isDeepStrictEqual } from 'node:util';
import { dayIn } from '@countinghouse/calendar';
import { bookingDate } from '@countinghouse/ledger';
import { bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { PeopleService } from '@countinghouse/people';
import { Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { adjustmentJournals, requireAll } from '../domain/earnings-journal.js';
import { activeSplits, splitRevision } from '../splits/splits.store.js';
import { bookedSplits, bookState, evaluated, saveBookedSplits, takeStep } from './book-state.store.js';
import { earningsInForce } from './earnings.store.js';
import { EvaluationService } from './evaluation.service.js';
import { addRoyaltyTotals } from './royalty-totals.store.js';
import { sumsByUser } from './sums-by-user.js';

/** Books what changed splits change of all that was earned so far. */
@Injectable()
export class SplitChangesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly evaluation: EvaluationService,
  ) {}

  /**
   * In one transaction. Splits that change while this is worked out are the next change: nothing begins again, however
   * fast they come.
   *
   * @throws EarningsUnreadable
   */
  async book(tenantId: number): Promise<void> {
    const { currency, timeZone } = await this.people.tenant(tenantId);
    const { state, revision, booked, active, earnings } = await this.transactions.read(tenantId, async (manager) => ({
      state: await bookState(manager, tenantId),
      // Before the splits themselves: what changes in between is looked at once more.
      revision: await splitRevision(manager, tenantId),
      booked: await bookedSplits(manager, tenantId),
      active: await activeSplits(manager, tenantId),
      earnings: await earningsInForce(manager, tenantId),
    }));
    if (state.splitRevision === revision) return;
    const [before, splits] = [booked.map(evaluated), active.map(evaluated)];
    const save = async (manager: EntityManager): Promise<number> => {
      const version = await takeStep(manager, tenantId, state.version);
      await saveBookedSplits(manager, tenantId, revision, active);
      return version;
    };
    if (earnings.length === 0 || isDeepStrictEqual(before, splits)) {
      await this.transactions.inTenant(tenantId, save);
      return;
    }
    await this.evaluation.evaluate(tenantId, { earnings, splits, before }, async ({ totals, credits }) => {
      const changes = await sumsByUser(totals());
      requireAll('Changed splits', '0', changes.values());
      const saveAll = async (manager: EntityManager): Promise<void> => {
        const version = await save(manager);
        const on = bookingDate(dayIn(new Date(), timeZone), await closedMonths(manager, tenantId));
        const what = { key: `adjustment:${version}`, source: 'changed splits', on };
        const users = [...changes].map(([userId, amount]) => ({ userId, amount }));
        await bookJournals(manager, tenantId, adjustmentJournals(users, currency, what));
        await addRoyaltyTotals(manager, tenantId, credits());
      };
      await this.transactions.inTenant(tenantId, saveAll, { statementTimeoutMs: 0 });
    });
  }
}
