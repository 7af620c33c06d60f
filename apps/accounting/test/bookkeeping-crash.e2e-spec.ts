import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { action, BookkeepingActions, type Calling } from './bookkeeping-actions.js';
import { expectAsTheModel } from './bookkeeping-checks.js';
import { EarningsPublisher } from './earnings-publisher.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
}, 90_000);
afterAll(() => platform?.stop(), 30_000);

/** What any client does: the same call with the same key again until it is answered. */
const untilAnswered: Calling = async (call): Promise<Answer> => {
  const headers = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await call(headers).catch(() => null);
    const isInFlight = answer?.status === 409 && answer.text.includes('in flight');
    if (answer && answer.status < 500 && !isInFlight) return answer;
    await delay(200);
  }
};

it.each(['accounting', 'royalties', 'postgres', 'nats'])(
  'the book is right, and everything in it once, whenever %s is killed',
  async (victim) => {
    const publisher = await EarningsPublisher.open(platform);
    const others = await Promise.all([1, 2, 3].map(() => openMember(platform.url, publisher.admin)));
    const users = [publisher.tenant.memberId, ...others.map(({ id }) => id)];
    const doing = new BookkeepingActions(publisher, users, untilAnswered);
    const over = new AbortController();
    const killing = (async () => {
      while (!over.signal.aborted) {
        await delay(Math.random() * 1_500);
        await platform.kill(victim);
        await delay(100);
        await platform.restart(victim);
      }
    })();
    const [actions] = fc.sample(fc.array(action, { minLength: 60, maxLength: 60 }), 1);
    for (const one of actions!) await doing.do(one);
    over.abort();
    await killing;
    await eventually(async () => expect((await publisher.admin.get('/accounting/queue/status')).status).toBe(200));
    await expectAsTheModel(publisher, doing);
    expect(await publisher.recalculated()).toBe(0);
    await expectAsTheModel(publisher, doing);
    await publisher.close();
  },
  180_000,
);
