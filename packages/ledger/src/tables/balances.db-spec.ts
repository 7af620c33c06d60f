import { eventually } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { LedgerModel, pages, type Step, steps } from '../../test/ledger-model.js';
import { chart, payment, testLedger, type TestLedger } from '../../test/ledger.js';
import { bookingDate } from '../booking-date.js';
import { credit, debit, journal, reversalOf } from '../journal.js';
import { balance, balances, trialBalance } from './balances.query.js';
import { bookJournals } from './book-journals.js';
import { entries, type EntriesWanted, type Entry } from './entries.query.js';
import { foldMovements, MovementFolding } from './movement-folding.js';
import { getJournal } from './journal.query.js';
import { ledgerFaults } from './ledger-faults.query.js';
import { closedMonths, closeMonth, reopenMonth } from './periods.js';

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await testLedger();
});
afterAll(() => ledger?.stop());

const read = <T>(tenantId: number, work: (manager: EntityManager) => Promise<T>) =>
  ledger.transactions.read(tenantId, work);

/** Does to a real ledger what the model does to itself. */
const perform = (tenantId: number, model: LedgerModel, step: Step): Promise<unknown> =>
  ledger.transactions.inTenant(tenantId, async (manager) => {
    const closed = await closedMonths(manager, tenantId);
    expect(closed).toEqual(model.closed);
    switch (step.do) {
      case 'book': {
        const { key, kind, occurredOn, from, to, amount, currency } = step;
        const postings = [debit(to, currency, amount), credit(from, currency, amount)];
        const bookedOn = bookingDate(occurredOn, closed);
        const draft = journal(chart, { kind, key, occurredOn, bookedOn, postings });
        const [booked] = await bookJournals(manager, tenantId, [draft]);
        return model.book(step, booked!);
      }
      case 'reverse': {
        const found = model.reversible(step.which);
        if (!found) return;
        const original = await getJournal(manager, tenantId, found.id);
        const bookedOn = bookingDate(original.bookedOn, closed);
        const [booked] = await bookJournals(manager, tenantId, [
          reversalOf(original, { key: `reversal of ${original.key}`, bookedOn }),
        ]);
        return model.reverse(found, booked!);
      }
      case 'close':
        await closeMonth(manager, tenantId, step.month);
        return model.closed.add(step.month);
      case 'reopen':
        await reopenMonth(manager, tenantId, step.month);
        return model.closed.delete(step.month);
      case 'fold':
        return foldMovements(ledger.dataSource, step.howMany);
    }
  });

const allEntries = async (
  manager: EntityManager,
  tenantId: number,
  wanted: Omit<EntriesWanted, 'after'>,
): Promise<Entry[]> => {
  const all: Entry[] = [];
  for (;;) {
    const page = await entries(manager, tenantId, { ...wanted, after: all.at(-1) });
    all.push(...page);
    if (page.length < wanted.limit) return all;
  }
};

const checkBalances = async (manager: EntityManager, tenantId: number, model: LedgerModel): Promise<void> => {
  expect(await ledgerFaults(manager, tenantId)).toEqual({ journals: [], accounts: [] });
  for (const asOf of [undefined, ...model.days])
    expect(await balances(manager, tenantId, model.accounts, asOf)).toEqual(model.balances(asOf));
  for (const through of [undefined, '2026-01', '2026-02']) {
    const rows = await trialBalance(manager, tenantId, chart, through);
    const columns = rows.map(({ type, currency, debit, credit }) => [`${type} ${currency}`, [debit, credit]] as const);
    expect(new Map(columns)).toEqual(model.trialBalance(through));
  }
};

const checkEntries = async (
  manager: EntityManager,
  tenantId: number,
  model: LedgerModel,
  { limit, ...range }: { limit: number; from?: string; until?: string },
): Promise<void> => {
  for (const { account, currency } of model.balances()) {
    const expected = model.entries(account, currency, range).map((entry) => expect.objectContaining(entry));
    const wanted = { account, currency, limit, ...range };
    expect(await allEntries(manager, tenantId, { ...wanted, order: 'oldest-first' })).toEqual(expected);
    expect(await allEntries(manager, tenantId, { ...wanted, order: 'newest-first' })).toEqual(expected.toReversed());
  }
};

describe('after any sequence of bookings, reversals, closes and folds', () => {
  let tenantId = 1_000;

  it('every figure is that of a plain list of postings', async () => {
    await fc.assert(
      fc.asyncProperty(steps, pages, async (sequence, page) => {
        const model = new LedgerModel();
        tenantId++;
        for (const step of sequence) await perform(tenantId, model, step);
        await read(tenantId, async (manager) => {
          await checkBalances(manager, tenantId, model);
          await checkEntries(manager, tenantId, model, page);
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('balances', () => {
  it('of an account without postings, or in another currency, are nothing', async () => {
    await ledger.transactions.inTenant(1, (manager) => bookJournals(manager, 1, [payment('p', '25')]));
    expect(await read(1, (manager) => balances(manager, 1, ['revenue', 'unheard-of']))).toEqual([]);
    for (const [account, currency] of [
      ['revenue', 'EUR'],
      ['cash', 'USD'],
    ] as const)
      expect(await read(1, (manager) => balance(manager, 1, { account, currency }))).toBe('0');
    expect(
      await read(1, (manager) => balance(manager, 1, { account: 'cash', currency: 'EUR', asOf: '2026-02-02' })),
    ).toBe('0');
    expect(
      await read(1, (manager) => balance(manager, 1, { account: 'cash', currency: 'EUR', asOf: '2026-02-03' })),
    ).toBe('-25');
  });
});

describe('folding', () => {
  it('changes no figure while many book, read and fold at once', async () => {
    const book = (index: number) =>
      ledger.transactions.inTenant(2, (manager) =>
        bookJournals(manager, 2, [payment(`busy ${index}`, '1', { user: `${index % 3}` })]),
      );
    const seen: number[] = [];
    const readOnce = async () => {
      const { cash, payable } = await read(2, async (manager) => {
        const found = await balances(manager, 2, [
          'cash',
          ...['0', '1', '2'].map((user) => `royalties-payable:${user}`),
        ]);
        const amounts = found.map(({ account, amount }) => [account, Number(amount)] as const);
        return {
          cash: amounts.filter(([account]) => account === 'cash').reduce((sum, [, amount]) => sum + amount, 0),
          payable: amounts.filter(([account]) => account !== 'cash').reduce((sum, [, amount]) => sum + amount, 0),
        };
      });
      expect(cash + payable).toBe(0);
      seen.push(payable);
    };
    const work = Array.from({ length: 150 }, (_, index) =>
      index % 3 === 0 ? book(index) : index % 3 === 1 ? readOnce() : foldMovements(ledger.dataSource, 7),
    );
    await Promise.all(work);
    await readOnce();
    expect(seen.at(-1)).toBe(50);
    expect(await read(2, (manager) => ledgerFaults(manager, 2))).toEqual({ journals: [], accounts: [] });
  });

  it('goes on by itself until nothing is left', async () => {
    const left = async () => (await ledger.asOwner('SELECT FROM movement')).length;
    await ledger.transactions.inTenant(3, (manager) => bookJournals(manager, 3, [payment('left over', '1')]));
    expect(await left()).toBeGreaterThan(0);
    const folding = new MovementFolding(ledger.dataSource);
    folding.onApplicationBootstrap();
    await eventually(async () => expect(await left()).toBe(0));
    await folding.beforeApplicationShutdown();
    expect(await read(3, (manager) => balance(manager, 3, { account: 'cash', currency: 'EUR' }))).toBe('-1');
  });
});

describe('ledgerFaults', () => {
  it('names what somebody with all rights has spoilt', async () => {
    const [first, second] = await ledger.transactions.inTenant(4, (manager) =>
      bookJournals(manager, 4, [payment('one', '1', { user: 'eve' }), payment('two', '2', { user: 'bob' })]),
    );
    await foldMovements(ledger.dataSource);
    await ledger.asOwner(`ALTER TABLE posting DISABLE TRIGGER append_only`);
    await ledger.asOwner(`UPDATE posting SET amount = 3 WHERE tenant_id = 4 AND journal_id = $1 AND amount > 0`, [
      first!.id,
    ]);
    await ledger.asOwner(`DELETE FROM posting WHERE tenant_id = 4 AND journal_id = $1 AND number = 1`, [second!.id]);
    await ledger.asOwner(`ALTER TABLE posting ENABLE ALWAYS TRIGGER append_only`);
    expect(await read(4, (manager) => ledgerFaults(manager, 4))).toEqual({
      journals: [first!.id, second!.id],
      accounts: ['cash', 'royalties-payable:eve'],
    });
  });
});
