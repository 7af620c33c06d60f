import { openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { action, BookkeepingActions } from './bookkeeping-actions.js';
import { expectAsTheModel } from './bookkeeping-checks.js';
import { EarningsPublisher } from './earnings-publisher.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
}, 90_000);
afterAll(() => platform?.stop(), 30_000);

describe('whatever is published, taken back, split, converted and paid, in any order', () => {
  it('comes to what an independent model says, to the last digit, and a recalculation finds nothing to book', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 40 }), async (actions) => {
        const publisher = await EarningsPublisher.open(platform);
        const others = await Promise.all([1, 2, 3].map(() => openMember(platform.url, publisher.admin)));
        const users = [publisher.tenant.memberId, ...others.map(({ id }) => id)];
        const doing = new BookkeepingActions(publisher, users);
        for (const one of actions) await doing.do(one);
        await expectAsTheModel(publisher, doing);
        expect(await publisher.recalculated()).toBe(0);
        await expectAsTheModel(publisher, doing);
        await publisher.close();
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 300_000);
});
