import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chart, payment, testLedger, type TestLedger } from '../../test/ledger.js';
import { credit, debit, journal, type Journal, reversalOf } from '../journal.js';
import { balance } from './balances.query.js';
import { bookJournals } from './book-journals.js';
import { getJournal, getJournals } from './journal.query.js';

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await testLedger();
});
afterAll(() => ledger?.stop());

const book = (tenantId: number, ...journals: Journal[]) =>
  ledger.transactions.inTenant(tenantId, (manager) => bookJournals(manager, tenantId, journals));
const bookOne = async (tenantId: number, one: Journal) => (await book(tenantId, one))[0]!;
const get = (tenantId: number, id: number) =>
  ledger.transactions.read(tenantId, (manager) => getJournal(manager, tenantId, id));
const cash = (tenantId: number) =>
  ledger.transactions.read(tenantId, (manager) => balance(manager, tenantId, { account: 'cash', currency: 'EUR' }));
const reply = (code: string, message: string) => expect.objectContaining({ reply: { code, message } });

describe('bookJournals', () => {
  it('books journals in their order and gives them back as they were', async () => {
    const journals = [
      payment('z', '10.5', { source: 'request 7', memo: 'it’s “quoted”, \\ {and} NULL' }),
      payment('a', '0.33333333333333333333333333', {
        occurredOn: '2026-01-31',
        bookedOn: '2026-02-01',
        book: 'branch',
      }),
    ];
    const bookedAt = new Date('2026-02-03T04:05:06.789Z');
    const booked = await ledger.transactions.inTenant(1, (manager) => bookJournals(manager, 1, journals, bookedAt));
    expect(booked).toEqual([
      { id: expect.any(Number), bookedOn: '2026-02-03', isNew: true },
      { id: booked[0]!.id + 1, bookedOn: '2026-02-01', isNew: true },
    ]);
    const ids = booked.map(({ id }) => id).toReversed();
    const found = await ledger.transactions.read(1, (manager) => getJournals(manager, 1, ids));
    expect(found.toReversed()).toEqual(journals.map((one, index) => ({ ...one, id: booked[index]!.id, bookedAt })));
  });

  it('books nothing of nothing', async () => {
    expect(await book(1)).toEqual([]);
  });

  it('takes a constant number of statements for any number of journals', async () => {
    const statements = (count: number, from: number) =>
      ledger.transactions.inTenant(2, async (manager) => {
        let asked = 0;
        const counting = Object.create(manager, {
          query: { value: (...query: Parameters<typeof manager.query>) => (asked++, manager.query(...query)) },
        });
        const journals = Array.from({ length: count }, (_, index) => payment(`many ${from + index}`, '1'));
        const booked = await bookJournals(counting, 2, journals);
        expect(new Set(booked.map(({ id }) => id)).size).toBe(count);
        return asked;
      });
    expect(await statements(1, 0)).toBe(1);
    expect(await statements(3_000, 1)).toBe(1);
    expect(await statements(4_000, 0)).toBe(2);
    expect(await cash(2)).toBe('-4000');
  });

  it('books the same key once: again, twice in one call, and with other journals', async () => {
    const first = await bookOne(3, payment('p', '25'));
    expect(await book(3, payment('p', '25.00'))).toEqual([{ ...first, isNew: false }]);
    const [again, q, sameQ] = await book(3, payment('p', '25'), payment('q', '5'), payment('q', '5'));
    expect(again).toEqual({ ...first, isNew: false });
    expect(sameQ).toEqual(q);
    expect(await cash(3)).toBe('-30');
  });

  it('answers with the day it was booked on, when its month was closed since', async () => {
    const first = await bookOne(3, payment('before closing', '1'));
    expect(await book(3, payment('before closing', '1', { bookedOn: '2026-03-01' }))).toEqual([
      { ...first, bookedOn: '2026-02-03', isNew: false },
    ]);
  });

  it('refuses the same key with another content, and books nothing of such a call', async () => {
    const before = await cash(3);
    const refusal = reply('unprocessable', 'p was already booked with another content');
    await expect(book(3, payment('new', '1'), payment('p', '26'))).rejects.toEqual(refusal);
    await expect(book(3, payment('p', '25', { memo: 'other' }))).rejects.toEqual(refusal);
    await expect(book(3, payment('twins', '1'), payment('twins', '2'))).rejects.toEqual(
      reply('unprocessable', 'twins was already booked with another content'),
    );
    expect(await cash(3)).toBe(before);
  });

  it('leaves the same key to another tenant', async () => {
    const mine = await bookOne(4, payment('common', '1'));
    const theirs = await bookOne(5, payment('common', '2'));
    expect([mine.isNew, theirs.isNew]).toEqual([true, true]);
    await expect(get(5, mine.id)).rejects.toEqual(reply('not_found', `There is no journal ${mine.id}`));
  });

  it('takes effect once when twenty book the same at once', async () => {
    const journals = [payment('race', '7'), payment('race too', '3', { user: 'bob' })];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => book(6, ...(index % 2 === 0 ? journals : journals.toReversed()))),
    );
    const ids = new Set(answers.flat().map(({ id }) => id));
    expect(ids.size).toBe(2);
    expect(answers.flat().filter(({ isNew }) => isNew)).toHaveLength(2);
    expect(await cash(6)).toBe('-10');
  });
});

describe('a reversal', () => {
  it('brings every account back to where it was, once', async () => {
    const sale = journal(chart, {
      kind: 'revenue',
      key: 'sale',
      occurredOn: '2026-02-03',
      postings: [debit('cash', 'EUR', '99.99'), credit('revenue', 'EUR', '100'), debit('expense', 'EUR', '0.01')],
    });
    const { id } = await bookOne(7, sale);
    const original = await get(7, id);
    const reversal = reversalOf(original, { key: 'void sale', bookedOn: '2026-02-03' });
    const booked = await bookOne(7, reversal);
    expect(await cash(7)).toBe('0');
    expect(await get(7, booked.id)).toMatchObject({ reverses: id, postings: reversal.postings });
    expect(await book(7, reversal)).toEqual([{ ...booked, isNew: false }]);
    const second = reversalOf(original, { key: 'void it again', bookedOn: '2026-02-03' });
    await expect(book(7, second)).rejects.toEqual(reply('conflict', `Journal ${id} is already reversed`));
    expect(await cash(7)).toBe('0');
  });

  it('may be booked together with its original and what is right instead', async () => {
    const wrong = await bookOne(8, payment('wrong', '52'));
    const reversal = reversalOf(await get(8, wrong.id), { key: 'void wrong', bookedOn: '2026-02-03' });
    await book(8, reversal, payment('right', '25'));
    expect(await cash(8)).toBe('-25');
  });

  it('takes effect once when twenty void the same under keys of their own', async () => {
    const { id } = await bookOne(9, payment('voided by many', '7'));
    const original = await get(9, id);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        book(9, reversalOf(original, { key: `void ${index}`, bookedOn: '2026-02-03' })),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ reply: { code: 'conflict' } });
    expect(await cash(9)).toBe('0');
  });
});
