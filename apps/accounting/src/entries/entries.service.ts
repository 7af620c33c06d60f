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
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { expenseJournal, revenueJournal } from '../domain/entry-journals.js';
import { type Share, sharesProblem } from '../domain/shares.js';
import { PeopleService } from '@countinghouse/people';
import { dayOf, requireOpen } from './dates.js';
import { addEntry, changeStatus, type EntryRow, type EntryType, findEntryForUpdate } from './entries.store.js';
import { expenseOf, revenueOf } from './replies.js';

/** Revenues and expenses; and what all entries have in common: booking and voiding. */
@Injectable()
export class EntriesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
  ) {}

  async recordRevenue(call: Call, { currency, ...request }: RecordRevenue): Promise<Revenue> {
    const tenantId = principalOf(call).tenantId;
    const tenant = await this.people.tenant(tenantId, call.requestId);
    requireCurrency(currency, tenant.currency);
    const transactionDate = dayOf(request.transactionDate, tenant.timeZone);
    return this.transactions.run(call, async (manager) => {
      requireOpen(transactionDate, await closedMonths(manager, tenantId));
      const entry = await addEntry(
        manager,
        tenantId,
        { ...request, type: 'revenue', status: 'booked', currency: tenant.currency, transactionDate },
        new Date(),
      );
      await bookJournals(manager, tenantId, [revenueJournal(toBook(entry), null)]);
      return revenueOf(entry);
    });
  }

  async recordExpense(call: Call, { currency, type, userId, ...request }: RecordExpense): Promise<Expense> {
    const tenantId = principalOf(call).tenantId;
    const tenant = await this.people.tenant(tenantId, call.requestId);
    requireCurrency(currency, tenant.currency);
    const transactionDate = dayOf(request.transactionDate, tenant.timeZone);
    const shares = sharesOf(request.shares, userId);
    if (request.recoupable && shares.length === 0) {
      throw refusal('userId', 'A recoupable expense needs userId or shares: whose earnings it is taken from');
    }
    return this.transactions.run(call, async (manager) => {
      await this.requireUsers(manager, call, shares);
      requireOpen(transactionDate, await closedMonths(manager, tenantId));
      const entry = await addEntry(
        manager,
        tenantId,
        {
          ...request,
          type: 'expense',
          status: 'booked',
          expenseType: type,
          currency: tenant.currency,
          transactionDate,
          shares,
          userId: shares.length === 1 ? shares[0]!.userId : null,
        },
        new Date(),
      );
      await bookJournals(manager, tenantId, [expenseJournal(toBook(entry), request.recoupable ? entry.shares : [])]);
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
    type: EntryType,
    { id, reason }: VoidEntry,
  ): Promise<EntryRow> {
    const entry = await findEntryForUpdate(manager, tenantId, type, id);
    if (!entry) throw new DomainError('not_found', `${nouns[type]} not found`);
    if (entry.status === 'voided') throw new DomainError('conflict', `${nouns[type]} ${id} is voided already`);
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
    const ids = shares.map(({ userId }) => userId.toLowerCase());
    const known = await this.people.usersAmong(manager, principalOf(call).tenantId, ids, call);
    const unknown = ids.find((id) => !known.has(id));
    if (unknown) throw new DomainError('unprocessable', `User ${unknown} is not of this tenant`);
  }
}

const nouns: Record<EntryType, string> = {
  payment: 'Payment',
  revenue: 'Revenue',
  expense: 'Expense',
  paymentRequest: 'Payment request',
};

const refusal = (field: string, message: string) =>
  new DomainError('bad_request', message, { details: [{ field, message }] });

/** @throws DomainError unprocessable */
export function requireCurrency(given: string | undefined, own: string): void {
  if (given === undefined || given === own) return;
  throw new DomainError('unprocessable', `Amounts are in ${own}, the tenant's currency; convert ${given} first`);
}

function sharesOf(shares: Share[] | undefined, userId: string | undefined): Share[] {
  if (shares && userId) throw refusal('userId', 'Give either userId or shares');
  if (userId) return [{ userId, share: '100' }];
  const problem = shares && sharesProblem(shares);
  if (problem) throw refusal('shares', problem);
  return shares ?? [];
}

export const toBook = ({ id, amount, currency, transactionDate, title, memo }: EntryRow) => ({
  id,
  amount,
  currency,
  occurredOn: transactionDate,
  title,
  memo,
});
