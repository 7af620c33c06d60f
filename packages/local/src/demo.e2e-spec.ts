import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, loginAt } from './demo-api.js';
import { type DemoResult, loadDemo } from './demo.js';
import { type Platform, startPlatform } from './platform.js';

let home: string;
let platform: Platform;
let demo: DemoResult;
let admin: Api;

/** Stops the demo where it says something of the kind. */
const loadUntil = (pattern: RegExp) =>
  loadDemo({
    ...platform,
    log: (line) => {
      if (pattern.test(line)) throw new Error('Interrupted');
    },
  });

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'countinghouse-demo-'));
  platform = await startPlatform({ home, port: 0, durable: false, quiet: true });
  await expect(loadUntil(/labels and artists/)).rejects.toThrow('Interrupted');
  await expect(loadUntil(/accepted/)).rejects.toThrow('Interrupted');
  await expect(loadUntil(/^Accounting/)).rejects.toThrow('Interrupted');
  demo = await loadDemo({ ...platform, log: () => {} });
  const { email, password } = demo.admin;
  admin = await loginAt(platform.url, { email, password });
}, 120_000);

afterAll(async () => {
  await platform?.stop();
  rmSync(home, { recursive: true, force: true });
}, 30_000);

interface Person {
  id: string;
  fullName: string;
  Gross: string;
  Due: string;
  paymentRequested: boolean;
}
const people = async () => (await admin<{ Users: Person[] }>('/accounting/getcurrentdue?size=100')).Users;
const person = async (name: string) => (await people()).find(({ fullName }) => fullName === name)!;

describe('the demo', () => {
  it('is there once, however often it was interrupted and begun again', async () => {
    expect(await loadDemo({ ...platform, log: () => {} })).toEqual(demo);
    const counts = await Promise.all([
      admin<{ total: number }>('/user').then(({ total }) => total),
      admin<{ total: number }>('/royalties/statements').then(({ total }) => total),
      admin<{ total: number }>('/split').then(({ total }) => total),
      admin<{ totalItem: number }>('/accounting/transactions').then(({ totalItem }) => totalItem),
    ]);
    expect(counts).toEqual([10, 3, 5, 10]);
  });

  it('comes to the same figures at every start, which tie out', async () => {
    const totals = await admin<object>('/accounting/gettotaldue');
    expect(totals).toMatchObject({ totalGross: '6019.62', totalPaid: '2295.83', totalDue: '3633.79', userCount: 9 });
    expect(await admin('/accounting/reconciliation')).toMatchObject({ difference: 0, postingsSum: 0, delayed: [] });
  });

  it('has a figure for everybody, somebody who was paid ahead, and an open request', async () => {
    expect((await people()).filter(({ Gross }) => Number(Gross) <= 0)).toEqual([]);
    expect(Number((await person('Chloé Lefèvre')).Due)).toBeLessThan(0);
    expect(await person("Sam O'Connor")).toMatchObject({ paymentRequested: true });
  });

  it('has a report that is paid', async () => {
    const { id } = await person('Jörg Müller');
    const query = `distributor=KONTOR&userId=${id}`;
    const [report] = await admin<[{ debitState: string }]>(`/financial/reports/user-reports/current?${query}`);
    expect(report.debitState).toBe('PAID');
  });

  it('has a recalculation, a rate in use, and months of transactions to look at', async () => {
    const { queue } = await admin<{ queue: Record<string, number> }>('/accounting/queue/status');
    expect(queue['failed']).toBe(0);
    expect(queue['waiting']! + queue['active']! + queue['completed']!).toBe(1);
    expect(await admin('/accounting/exchange-rates')).toMatchObject({ items: [{ from: 'USD', isUsed: true }] });
    const months = await admin<unknown[]>('/accounting/transactions/monthly');
    expect(months.length).toBeGreaterThan(2);
  });

  it('lets each of its people log in', async () => {
    const { id } = await person('Aurora Lund');
    const { email, password } = demo.members.find(({ name }) => name === 'Aurora Lund')!;
    const api = await loginAt(platform.url, { email, password });
    const { items } = await api<{ items: { kind: string }[] }>(`/accounting/${id}/ledger`);
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['expense', 'earnings']));
  });
});
