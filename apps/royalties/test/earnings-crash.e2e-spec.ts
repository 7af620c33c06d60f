import { setTimeout as delay } from 'node:timers/promises';
import { openTenant, type Platform, startProduct, type StatementView, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { EarningsListener } from './earnings-listener.js';
import { kontorFile, nextUpload } from './kontor-file.js';
import { openRoyaltiesDatabase } from './royalties-database.js';

const lines = 20_000;
const file = kontorFile(
  Array.from({ length: lines }, (_, at) => ({ royalties: '0,5', isrc: `DEA62${10_000_000 + at}`.slice(0, 12) })),
);
/** Milliseconds after matching was seen to have begun. */
const moments = [0, 100, 200, 300, 450, 600];

let platform: Platform;
let tenant: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  tenant = await openTenant(platform);
  const contract = { userId: tenant.memberId, scope: 'label', match: 'Polar Records', sharePercent: '50' };
  expect(await tenant.admin.post('/royalties/contracts', contract)).toMatchObject({ status: 201 });
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

const stateOf = async (database: DataSource, id: number): Promise<string> =>
  (await database.query('SELECT state FROM statement WHERE id = $1', [id]))[0].state;

describe('earnings while whose booking a process dies', () => {
  it.each(['royalties', 'nats'])(
    'are made known exactly once: %s',
    async (victim) => {
      const database = await openRoyaltiesDatabase(platform);
      const ids: number[] = [];
      for (const moment of moments) {
        const { id } = (await tenant.admin.upload(nextUpload(), file)).json as StatementView;
        while (['received', 'reading'].includes(await stateOf(database, id))) await delay(5);
        await delay(moment);
        await platform.kill(victim);
        await platform.restart(victim);
        expect(await tenant.admin.settled(id)).toMatchObject({ state: 'completed', royalties: lines / 4 });
        ids.push(id);
      }
      await database.destroy();

      const listener = await EarningsListener.at(platform);
      for (const id of ids)
        expect(await listener.of(id, 1)).toMatchObject([{ statementId: id, amount: `${lines / 4}` }]);
      await listener.close();
    },
    180_000,
  );

  it('add up to as much as all statements together', async () => {
    const { json } = await tenant.admin.get('/royalty?groupBy=saletype');
    expect(json).toMatchObject([{ key: 'stream', royalty: 2 * moments.length * (lines / 4) }]);
  });
});
