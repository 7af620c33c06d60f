import {
  type Call,
  DomainError,
  type Expense,
  type RecordExpense,
  type RecordRevenue,
  type Revenue,
  type VoidEntry,
} from '@countinghouse/contracts';
import { bookingDate, reversalOf } from '@countinghouse/ledger';
import { bookJournals, closedMonths, getJournal } from '@countinghouse/ledger/tables';
import { PeopleService } from '@countinghouse/people';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { expenseJournal, revenueJournal } from '../domain/entry-journals.js';
import { type Share, sharesProblem } from '../domain/shares.js';
import { addEntry, changeStatus, type EntryRow, type EntryType, getEntryForUpdate } from './entries.store.js';
import { badField, requireCurrency, requireOpen } from './refusals.js';
import { expenseOf, revenueOf } from './replies.js';
import { transactionDay } from './transaction-day.js';

/** Revenues and expenses; and how any entry is taken back. */
@Injectable()
export class EntriesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
  ) {}

  async recordRevenue(call: Call, { currency: given, ...request }: RecordRevenue): Promise<Revenue> {
    const { tenantId } = principalOf(call);
    const { currency, timeZone } = await this.people.tenant(tenantId, call.requestId);
    const transactionDate = transactionDay(request.transactionDate, timeZone);
    return this.transactions.run(call, async (manager) => {
      requireCurrency(given, currency);
      requireOpen(transactionDate, await closedMonths(manager, tenantId));
      const revenue = { ...request, type: 'revenue', status: 'booked', currency, transactionDate } as const;
      const entry = await addEntry(manager, tenantId, revenue, new Date());
      await bookJournals(manager, tenantId, [revenueJournal(toBook(entry), null)]);
      return revenueOf(entry);
    });
  }

  async recordExpense(call: Call, request: RecordExpense): Promise<Expense> {
    const { tenantId } = principalOf(call);
    const { currency, timeZone } = await this.people.tenant(tenantId, call.requestId);
    const transactionDate = transactionDay(request.transactionDate, timeZone);
    const shares = sharesOf(request);
    return this.transactions.run(call, async (manager) => {
      await this.requireUsers(manager, call, shares);
      requireCurrency(request.currency, currency);
      requireOpen(transactionDate, await closedMonths(manager, tenantId));
      const { amount, title, memo, recoupable, type: expenseType } = request;
      const userId = shares.length === 1 ? shares[0]!.userId : null;
      const expense = { amount, title, memo: memo ?? null, recoupable, expenseType, userId, shares } as const;
      const entry = await addEntry(
        manager,
        tenantId,
        { ...expense, type: 'expense', status: 'booked', currency, transactionDate },
        new Date(),
      );
      await bookJournals(manager, tenantId, [expenseJournal(toBook(entry), recoupable ? entry.shares : [])]);
      return expenseOf(entry);
    });
  }

  voidRevenue(call: Call, request: VoidEntry): Promise<Revenue> {
    return this.transactions.run(call, async (manager) =>
      revenueOf(await this.voidEntry(manager, principalOf(call).tenantId, 'revenue', request)),
    );
  }

  voidExpense(call: Call, request: VoidEntry): Promise<Expense> {
    return this.transactions.run(call, async (manager) =>
      expenseOf(await this.voidEntry(manager, principalOf(call).tenantId, 'expense', request)),
    );
  }

  /** Takes an entry back by the mirror of its journal, dated the first open day from then on. */
  async voidEntry(
    manager: EntityManager,
    tenantId: number,
    type: Exclude<EntryType, 'paymentRequest'>,
    { id, reason }: VoidEntry,
  ): Promise<EntryRow> {
    const entry = await getEntryForUpdate(manager, tenantId, type, id);
    if (entry.status === 'voided') throw new DomainError('conflict', `The ${type} ${id} is voided already`);
    const [booked] = await manager.query(`SELECT id FROM journal WHERE tenant_id = $1 AND key = $2`, [
      tenantId,
      `${type}:${id}`,
    ]);
    const original = await getJournal(manager, tenantId, booked.id);
    const bookedOn = bookingDate(original.bookedOn, await closedMonths(manager, tenantId));
    await bookJournals(manager, tenantId, [
      reversalOf(original, { key: `void:${type}:${id}`, bookedOn, memo: reason, source: `voided: ${entry.title}` }),
    ]);
    return changeStatus(manager, tenantId, entry, 'voided', reason);
  }

  private async requireUsers(manager: EntityManager, call: Call, shares: readonly Share[]): Promise<void> {
    const ids = shares.map(({ userId }) => userId);
    const known = await this.people.usersAmong(manager, principalOf(call).tenantId, ids, call);
    const unknown = ids.find((id) => !known.has(id));
    if (unknown) throw new DomainError('unprocessable', `User ${unknown} is not of this tenant`);
  }
}

/**
 * Who bears an expense: its user the whole, or several their shares; nobody in particular when it names none.
 *
 * @throws DomainError bad_request
 */
function sharesOf({ shares, userId, recoupable }: RecordExpense): Share[] {
  if (shares && userId) throw badField('userId', 'Give either userId or shares');
  const given = shares ?? (userId ? [{ userId, share: '100' }] : []);
  if (recoupable && given.length === 0)
    throw badField('userId', 'A recoupable expense needs userId or shares: whose earnings it is taken from');
  const problem = given.length > 0 && sharesProblem(given);
  if (problem) throw badField('shares', problem);
  return given.map(({ userId: user, share }) => ({ userId: user.toLowerCase(), share }));
}

export const toBook = ({ id, amount, currency, transactionDate, title, memo }: EntryRow) => ({
  id,
  amount,
  currency,
  occurredOn: transactionDate,
  title,
  memo,
});
