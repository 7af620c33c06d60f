import { dayIn } from '@countinghouse/calendar';
import { bookingDate } from '@countinghouse/ledger';
import { bookJournals, closedMonths } from '@countinghouse/ledger/tables';
import { multiply, sum } from '@countinghouse/money';
import { PeopleService } from '@countinghouse/people';
import { Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { adjustmentJournals, requireAll } from '../domain/earnings-journal.js';
import type { Credit } from '../engine/evaluate-splits.js';
import { type BookState, bookedSplits, bookState, evaluated, takeStep } from './book-state.store.js';
import { EarningsUnreadable } from './earnings-files.service.js';
import { type Earnings, earningsInForce } from './earnings.store.js';
import { EvaluationService } from './evaluation.service.js';
import { bookedEarnings, changeRecalculations, openRecalculations } from './recalculation.store.js';
import { replaceRoyaltyTotals } from './royalty-totals.store.js';
import { sumsByUser } from './sums-by-user.js';

/** How many users are adjusted in one transaction. */
const usersAtOnce = 500;

interface Book {
  state: BookState;
  earnings: Earnings[];
  /** What each user has been credited. */
  booked: Map<string, string>;
}

/** Recalculations: what everybody should have is worked out from stored earnings, and what they do not have is booked. */
@Injectable()
export class AdjustmentsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly evaluation: EvaluationService,
  ) {}

  /**
   * One look at everything is good for all that were asked for until now.
   *
   * @throws EarningsUnreadable
   */
  async recalculate(tenantId: number, signal: AbortSignal): Promise<void> {
    const open = await this.transactions.read(tenantId, (manager) => openRecalculations(manager, tenantId));
    if (open.length === 0) return;
    const asked = open.map(({ id }) => id);
    const note = (changes: Parameters<typeof changeRecalculations>[3]) =>
      this.transactions.inTenant(tenantId, (manager) => changeRecalculations(manager, tenantId, asked, changes));
    try {
      await note({ state: 'active', startedAt: new Date(), progress: 5 });
      const splits = await this.transactions.read(tenantId, (manager) => bookedSplits(manager, tenantId));
      const book = await this.transactions.read(tenantId, (manager) => bookOf(manager, tenantId));
      await this.evaluation.evaluate(
        tenantId,
        { earnings: book.earnings, splits: splits.map(evaluated) },
        async ({ totals, credits }) => {
          const due = await sumsByUser(totals());
          const earned = book.earnings.map(({ amount, rate }) => multiply(amount, rate));
          requireAll('All earnings', sum(earned), due.values());
          const progress = async (done: number) => {
            signal.throwIfAborted();
            await note({ progress: 50 + Math.floor(50 * done) });
          };
          await this.adjust(tenantId, book, due, credits(), `recalculation ${asked[0]}`, progress);
        },
      );
      await note({ state: 'completed', progress: 100, finishedAt: new Date() });
    } catch (error) {
      if (error instanceof EarningsUnreadable) await note({ state: 'delayed', error: error.message });
      throw error;
    }
  }

  /** In batches of users: what was booked before the process died is there, and is not booked again. */
  private async adjust(
    tenantId: number,
    { state, booked }: Book,
    due: ReadonlyMap<string, string>,
    credits: AsyncIterable<Credit[]>,
    source: string,
    progress: (done: number) => Promise<void>,
  ): Promise<void> {
    const { currency, timeZone } = await this.people.tenant(tenantId);
    const left = [...booked.keys()].filter((userId) => !due.has(userId));
    const count = due.size + left.length;
    let { version } = state;
    let done = 0;
    for await (const { users, credits: theirs } of byUsers(credits, left)) {
      const save = async (manager: EntityManager): Promise<number> => {
        const step = await takeStep(manager, tenantId, version);
        const on = bookingDate(dayIn(new Date(), timeZone), await closedMonths(manager, tenantId));
        const differences = users.map((userId) => ({
          userId,
          amount: sum([due.get(userId) ?? '0', multiply(booked.get(userId) ?? '0', '-1')]),
        }));
        const what = { key: `adjustment:${step}`, source, on };
        await bookJournals(manager, tenantId, adjustmentJournals(differences, currency, what));
        await replaceRoyaltyTotals(manager, tenantId, users, theirs);
        return step;
      };
      version = await this.transactions.inTenant(tenantId, save, { statementTimeoutMs: 0 });
      done += users.length;
      await progress(done / count);
    }
  }
}

async function bookOf(manager: EntityManager, tenantId: number): Promise<Book> {
  return {
    // First: whatever else is read is not older, and is not used if it is newer.
    state: await bookState(manager, tenantId),
    earnings: await earningsInForce(manager, tenantId),
    booked: await bookedEarnings(manager, tenantId),
  };
}

/** The credits of so many users at a time; they come in the order of users. At the end, users who have none any more. */
async function* byUsers(
  batches: AsyncIterable<Credit[]>,
  without: readonly string[],
): AsyncGenerator<{ users: string[]; credits: Credit[] }> {
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
