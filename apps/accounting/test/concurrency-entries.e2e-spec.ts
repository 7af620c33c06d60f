import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;
let userId: string;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  office = await EntriesOffice.open(platform);
}, 60_000);
beforeEach(async () => {
  userId = (await openMember(platform.url, office.admin)).id;
});
afterAll(() => platform?.stop(), 30_000);

const on = { transactionDate: '2025-09-01' };
const bodies: Record<string, () => object> = {
  '/payment': () => ({ ...on, userId, amount: '10', advance: true }),
  '/revenue': () => ({ ...on, amount: '10', title: 'Merch' }),
  '/expense': () => ({ ...on, amount: '10', title: 'Studio', type: 'artist', recoupable: true, userId }),
};

/** What any client does: the same call with the same key again until it is answered for good. */
const untilAnswered = async (call: () => Promise<Answer>): Promise<Answer> => {
  for (;;) {
    const answer = await call().catch(() => null);
    if (answer && answer.status < 500 && answer.status !== 409) return answer;
    await delay(50);
  }
};
const twenty = (call: () => Promise<Answer>): Promise<Answer[]> =>
  Promise.all(Array.from({ length: 20 }, () => untilAnswered(call)));

/** All that there is of the tenant: entries, journals by kind, and what they come to. */
const traces = async () => {
  const { totalItem } = (await office.admin.get('/accounting/transactions?size=1')).json as { totalItem: number };
  const { json } = await office.admin.get('/accounting/transactions/summary');
  const { postingsSum, payments, summaryPayments } = (await office.admin.get('/accounting/reconciliation')).json as {
    postingsSum: number;
    payments: number;
    summaryPayments: number;
  };
  expect([postingsSum, payments]).toEqual([0, summaryPayments]);
  return {
    totalItem,
    ...(json as { summary: { totalPayments: number; totalRevenues: number; totalExpenses: number } }).summary,
  };
};

/** Of the same call on each path, all answers were alike and one entry was booked. */
const expectOnce = async (before: Awaited<ReturnType<typeof traces>>, answers: Record<string, Answer[]>) => {
  for (const [path, given] of Object.entries(answers)) {
    expect([path, new Set(given.map(({ status, text }) => `${status} ${text}`)).size]).toEqual([path, 1]);
    expect([path, given[0]!.status]).toEqual([path, 201]);
  }
  const paths = Object.keys(answers);
  const sumOf = (path: string) => (paths.includes(path) ? 10 : 0);
  const after = await traces();
  expect(after.totalItem - before.totalItem).toBe(paths.length);
  expect(after.totalPayments - before.totalPayments).toBe(sumOf('/payment'));
  expect(after.totalRevenues - before.totalRevenues).toBe(sumOf('/revenue'));
  expect(after.totalExpenses - before.totalExpenses).toBe(sumOf('/expense'));
  const changes = (await office.ledger(userId)).map(({ kind, amount }) => `${kind} ${amount}`);
  expect(changes.sort()).toEqual(
    ['expense -10', 'payment -10'].filter((one) => paths.includes(`/${one.split(' ')[0]}`)),
  );
};

describe('20 equal calls at once', () => {
  it.each(Object.keys(bodies))('of POST %s take effect once, and are answered alike', async (path) => {
    const before = await traces();
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await twenty(() => office.admin.post(path, bodies[path]!(), headers));
    await expectOnce(before, { [path]: answers });
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true').length).toBe(19);
  });

  it.each([
    ['accounting', [5, 30, 60]],
    ['postgres', [2, 10, 20, 35, 50, 70]],
  ])(
    'of each kind take effect once also when %s is killed meanwhile',
    async (victim, moments) => {
      for (const moment of moments) {
        userId = (await openMember(platform.url, office.admin)).id;
        const before = await traces();
        const calls = Object.entries(bodies).map(async ([path, body]) => {
          const headers = { 'idempotency-key': randomUUID() };
          return [path, await twenty(() => office.admin.post(path, body(), headers))] as const;
        });
        await delay(moment);
        await platform.kill(victim);
        await platform.restart(victim);
        const answers = Object.fromEntries(await Promise.all(calls));
        await untilAnswered(() => office.admin.get('/accounting/reconciliation'));
        await expectOnce(before, answers);
      }
    },
    120_000,
  );
});

describe('what changes once', () => {
  it('is voided by one of 20 at once', async () => {
    const { id } = (await office.admin.post('/payment', bodies['/payment']!())).json as { id: number };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => office.admin.post(`/payment/${id}/void`, { reason: 'x' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect((await office.ledger(userId)).map(({ balance }) => balance)).toEqual([-10, 0]);
  });

  it('is not paid twice: what is due goes to as many of 20 different payments as it is enough for', async () => {
    await office.earn('70', userId);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        office.pay('10', { userId: at % 2 === 0 ? userId : userId.toUpperCase(), title: `Part ${at}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(13);
    expect(await office.stats(userId)).toEqual({ Royalty_Share: 70, net: 70, paid: 70, due: 0 });
  });
});
