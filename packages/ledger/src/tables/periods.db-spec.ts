import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { payment, testLedger, type TestLedger } from '../../test/ledger.js';
import { bookingDate } from '../booking-date.js';
import { bookJournals } from './book-journals.js';
import { closedMonths, closeMonth, reopenMonth } from './periods.js';

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await testLedger();
});
afterAll(() => ledger?.stop());

const inTenant = <T>(tenantId: number, work: (manager: EntityManager) => Promise<T>) =>
  ledger.transactions.inTenant(tenantId, work);
const book = (tenantId: number, key: string, more = {}) =>
  inTenant(tenantId, (manager) => bookJournals(manager, tenantId, [payment(key, '1', more)]));
const closed = { driverError: { constraint: 'journal_in_open_month' } };

/** Two transactions that each wait for the other to come so far. */
const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
};

describe('a closed month', () => {
  it('takes no entry, from whoever, until it is open again; other months do', async () => {
    expect(await inTenant(1, (manager) => closeMonth(manager, 1, '2026-02'))).toBe(true);
    expect(await inTenant(1, (manager) => closeMonth(manager, 1, '2026-02'))).toBe(false);
    await expect(book(1, 'late')).rejects.toMatchObject(closed);
    await expect(
      ledger.asOwner(
        `INSERT INTO journal (tenant_id, book, kind, key, payload_hash, occurred_on, booked_on, booked_at, postings)
         VALUES (1, 'main', 'payment', 'by hand', '', '2026-02-28', '2026-02-28', now(), 2)`,
      ),
    ).rejects.toMatchObject({ constraint: 'journal_in_open_month' });
    await book(1, 'before', { occurredOn: '2026-01-31' });
    await book(1, 'after', { bookedOn: '2026-03-01' });
    expect(await inTenant(1, (manager) => reopenMonth(manager, 1, '2026-02'))).toBe(true);
    expect(await inTenant(1, (manager) => reopenMonth(manager, 1, '2026-02'))).toBe(false);
    await book(1, 'late');
  });

  it('is closed in its book and tenant alone', async () => {
    await inTenant(2, (manager) => closeMonth(manager, 2, '2026-02', 'north'));
    await expect(book(2, 'n', { book: 'north' })).rejects.toMatchObject(closed);
    await book(2, 's', { book: 'south' });
    await book(3, 'n', { book: 'north' });
    expect(await inTenant(2, (manager) => closedMonths(manager, 2, 'north'))).toEqual(new Set(['2026-02']));
    expect(await inTenant(2, (manager) => closedMonths(manager, 2))).toEqual(new Set());
  });

  it.each(['2026-13', '202602', '2026-2', '0999-01'])('is not %s', async (month) => {
    const work = inTenant(1, (manager) => closeMonth(manager, 1, month));
    await expect(work).rejects.toMatchObject({ driverError: { constraint: 'period_month_check' } });
  });
});

describe('closing and booking at the same time', () => {
  it('waits for a booking that found the month open', async () => {
    const [booked, mayCommit] = [gate(), gate()];
    const booking = inTenant(4, async (manager) => {
      await bookJournals(manager, 4, [payment('in time', '1')]);
      booked.open();
      await mayCommit.opened;
    });
    await booked.opened;
    let isClosed = false;
    const closing = inTenant(4, (manager) => closeMonth(manager, 4, '2026-02')).then(() => (isClosed = true));
    await waitingFor(1);
    expect(isClosed).toBe(false);
    mayCommit.open();
    await Promise.all([booking, closing]);
    await expect(book(4, 'too late')).rejects.toMatchObject(closed);
  });

  it('lets a booking wait for a close, and then refuses it', async () => {
    const [closing, mayCommit] = [gate(), gate()];
    const close = inTenant(5, async (manager) => {
      await closeMonth(manager, 5, '2026-02');
      closing.open();
      await mayCommit.opened;
    });
    await closing.opened;
    const booking = expect(book(5, 'too late')).rejects.toMatchObject(closed);
    await waitingFor(1);
    mayCommit.open();
    await Promise.all([close, booking]);
  });

  it('keeps what a booking decided with: its date is still open when it is written', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        inTenant(6, async (manager) => {
          if (index % 8 === 0) return void (await closeMonth(manager, 6, `2026-0${2 + index / 8}`));
          const bookedOn = bookingDate('2026-02-03', await closedMonths(manager, 6));
          await delay(index % 5);
          const [booked] = await bookJournals(manager, 6, [payment(`fact ${index}`, '1', { bookedOn })]);
          return booked?.bookedOn;
        }),
      ),
    );
    expect(outcomes.filter((day) => day !== undefined)).toHaveLength(35);
    await expect(book(6, 'february')).rejects.toMatchObject(closed);
  });

  it('does not make bookings wait for each other', async () => {
    const [booked, mayCommit] = [gate(), gate()];
    const first = inTenant(7, async (manager) => {
      await bookJournals(manager, 7, [payment('first', '1')]);
      booked.open();
      await mayCommit.opened;
    });
    await booked.opened;
    await book(7, 'second');
    mayCommit.open();
    await first;
  });
});

/** Resolves when so many sessions wait for a lock. */
const waitingFor = async (count: number): Promise<void> => {
  for (;;) {
    const [row] = await ledger.asOwner(
      `SELECT count(*)::integer AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    if ((row as { waiting: number }).waiting >= count) return;
    await delay(10);
  }
};
