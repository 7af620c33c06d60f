import { migrate, openDatabase, Transactions } from '@countinghouse/service';
import { type TestDatabase, testDatabase } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migrations } from '../database/migrations/index.js';
import { addEntry, changeStatus, type EntryRow, type NewEntry } from './entries.store.js';

const options = { service: 'accounting', entities: [], migrations };
let database: TestDatabase;
let dataSource: DataSource;
let transactions: Transactions;

beforeAll(async () => {
  database = await testDatabase('accounting', (urls) => migrate({ ...options, ...urls }));
  dataSource = await openDatabase({ ...options, url: database.url });
  transactions = new Transactions(dataSource);
}, 60_000);

afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});

const tenants = [1, 2];
const revenue = (at: number): NewEntry => ({
  type: 'revenue',
  status: 'booked',
  amount: `${at}.0000000001`,
  currency: 'EUR',
  transactionDate: `2025-01-0${1 + (at % 3)}`,
  title: `Revenue ${at}`,
});
const fold = async (howMany: number): Promise<number> =>
  (await dataSource.query(`SELECT fold_entry_totals($1) AS folded`, [howMany]))[0].folded;

/** What is counted, and what there is, in one snapshot. */
const compared = (tenantId: number) =>
  transactions.read(tenantId, async (manager) => {
    const [found] = await manager.query(
      `WITH counted AS (
         SELECT day, status, sum(entries) AS entries, sum(amount) AS amount
         FROM entry_total WHERE tenant_id = $1 GROUP BY day, status
       ),
       there AS (
         SELECT transaction_date AS day, status, count(*) AS entries, sum(amount) AS amount
         FROM entry WHERE tenant_id = $1 GROUP BY transaction_date, status
       )
       SELECT (SELECT count(*) FROM entry WHERE tenant_id = $1) AS entries,
              count(*) FILTER (WHERE coalesce(counted.entries, 0) <> coalesce(there.entries, 0)
                                  OR coalesce(counted.amount, 0) <> coalesce(there.amount, 0)) AS wrong
       FROM counted FULL JOIN there USING (day, status)`,
      [tenantId],
    );
    return found as { entries: number; wrong: number };
  });

it('counts every entry exactly once, whenever it is read while some are added, voided and folded', async () => {
  const ended = new AbortController();
  const write = async (tenantId: number, from: number): Promise<void> => {
    const added: EntryRow[] = [];
    for (let at = from; at < from + 60; at++) {
      const entry = await transactions.inTenant(tenantId, (manager) =>
        addEntry(manager, tenantId, revenue(at), new Date()),
      );
      added.push(entry);
      if (at % 3 !== 0) continue;
      await transactions.inTenant(tenantId, (manager) =>
        changeStatus(manager, tenantId, added.shift()!, 'voided', 'x'),
      );
    }
  };
  const whileWriting = async (work: () => Promise<unknown>): Promise<void> => {
    while (!ended.signal.aborted) await work();
  };
  const writers = tenants.flatMap((tenantId) => [write(tenantId, 100), write(tenantId, 1_000)]);
  const others = [
    ...[1, 7, 1_000].map((howMany) => whileWriting(() => fold(howMany))),
    ...tenants.map((tenantId) => whileWriting(async () => expect((await compared(tenantId)).wrong).toBe(0))),
  ];
  await Promise.all(writers).finally(() => ended.abort());
  await Promise.all(others);

  while ((await fold(50)) > 0);
  for (const tenantId of tenants) {
    expect(await compared(tenantId)).toEqual({ entries: 120, wrong: 0 });
    const rows = await transactions.read(tenantId, (manager) =>
      manager.query(`SELECT is_folded FROM entry_total WHERE tenant_id = $1`, [tenantId]),
    );
    expect(rows).toEqual(Array.from({ length: 6 }, () => ({ is_folded: true }))); // three days, two states
  }
}, 60_000);
