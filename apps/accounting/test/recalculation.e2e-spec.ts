import { randomUUID } from 'node:crypto';
import { eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EarningsPublisher } from './earnings-publisher.js';

let platform: Platform;
let publisher: EarningsPublisher;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  publisher = await EarningsPublisher.open(platform);
}, 90_000);
afterAll(async () => {
  await publisher?.close();
  await platform?.stop();
}, 30_000);

interface Status {
  jobId: string;
  state: string;
  progress: number;
  data: { triggeredBy: string; timestamp: string; userCount: number };
  timestamps: { created: number; processed: number | null; finished: number | null };
  error?: string;
}
const statusOf = async (id: string) =>
  (await publisher.admin.get(`/accounting/queue/status?jobId=${id}`)).json as Status;
const ended = (id: string) =>
  eventually(async () => {
    const status = await statusOf(id);
    expect(status.state).toBe('completed');
    return status;
  });
const member = () => publisher.tenant.memberId;

describe('recalculations', () => {
  it('of a user are queued and end', async () => {
    const { status, json } = await publisher.admin.post(
      `/accounting/users/${member()}/recalculate?forceRefresh=true`,
      {},
    );
    expect([status, json]).toEqual([
      202,
      {
        message: 'User accounting update queued successfully',
        jobId: expect.any(String),
        userId: member(),
        status: 'queued',
      },
    ]);
    const done = await ended((json as { jobId: string }).jobId);
    expect(done).toMatchObject({ progress: 100, data: { triggeredBy: 'manual', userCount: 1 } });
    expect(done.timestamps.finished).toBeGreaterThanOrEqual(done.timestamps.processed!);
    expect(done.timestamps.processed).toBeGreaterThanOrEqual(done.timestamps.created);
  });

  it('of everybody say how long they take, from what earlier ones took', async () => {
    const { status, json } = await publisher.admin.post('/accounting/tenant/recalculate?batchSize=500', {});
    expect([status, json]).toEqual([
      202,
      {
        message: 'Tenant accounting update queued successfully',
        jobId: expect.any(String),
        tenantId: publisher.tenant.id,
        status: 'queued',
        info: { batchSize: 500, estimatedTime: '~1 second for 1 users' },
      },
    ]);
    await ended((json as { jobId: string }).jobId);
    for (const batchSize of [0, 501, 'many']) {
      const refused = await publisher.admin.post(`/accounting/tenant/recalculate?batchSize=${batchSize}`, {});
      expect([batchSize, refused.status]).toEqual([batchSize, 400]);
    }
  });

  it('of all statistics are one flow, which the queue knows by its id', async () => {
    const { status, json } = await publisher.admin.get('/accounting/refreshstats');
    expect([status, json]).toEqual([
      202,
      {
        message: 'Stats and accounting refresh queued successfully',
        flowId: expect.any(String),
        tenantId: publisher.tenant.id,
        status: 'queued',
        info: {
          triggeredBy: 'manual',
          executionOrder: 'Product Stats → Asset Stats → Artist Stats → Accounting',
        },
      },
    ]);
    await ended((json as { flowId: string }).flowId);
  });

  it('at once say how many users that were', async () => {
    expect(await publisher.admin.get('/accounting/refresh')).toMatchObject({
      status: 200,
      json: { message: 'success', processedCount: 1, totalUsers: 1 },
    });
  });

  it('of unknown users, and jobs that nobody knows, are not found; and they are for admins', async () => {
    expect(await publisher.admin.post(`/accounting/users/${randomUUID()}/recalculate`, {})).toMatchObject({
      status: 404,
    });
    expect(await publisher.admin.get(`/accounting/queue/status?jobId=${randomUUID()}`)).toMatchObject({ status: 404 });
    expect(await publisher.admin.get('/accounting/queue/status?jobId=7')).toMatchObject({ status: 400 });
    const { json } = await publisher.admin.post('/accounting/tenant/recalculate', {});
    const { jobId } = json as { jobId: string };
    const stranger = await EarningsPublisher.open(platform);
    expect(await stranger.admin.get(`/accounting/queue/status?jobId=${jobId}`)).toMatchObject({ status: 404 });
    await stranger.close();
    for (const path of [
      '/accounting/refresh',
      '/accounting/refreshstats',
      '/accounting/queue/status',
      '/accounting/reconciliation',
    ]) {
      expect([path, (await publisher.tenant.member.get(path)).status]).toEqual([path, 403]);
    }
    for (const path of ['/accounting/tenant/recalculate', `/accounting/users/${member()}/recalculate`]) {
      expect([path, (await publisher.tenant.member.post(path, {})).status]).toEqual([path, 403]);
    }
  });

  it('that are asked for again while one is open are that one, whoever asks', async () => {
    const lock = publisher.accounting.createQueryRunner();
    // The job cannot begin while somebody else holds its subject.
    await lock.query(`SELECT pg_advisory_lock(job_lock($1::integer, 'bookkeeping', $1::text))`, [publisher.tenant.id]);
    const askAll = Array.from({ length: 5 }, () => publisher.admin.post('/accounting/tenant/recalculate', {}));
    const askUser = Array.from({ length: 5 }, () =>
      publisher.admin.post(`/accounting/users/${member()}/recalculate`, {}),
    );
    const idsOf = async (asked: typeof askAll) =>
      new Set((await Promise.all(asked)).map(({ json }) => (json as { jobId: string }).jobId));
    const [ofAll, ofUser] = [await idsOf(askAll), await idsOf(askUser)];
    expect([ofAll.size, ofUser.size]).toEqual([1, 1]);
    const [flow] = [(await publisher.admin.get('/accounting/refreshstats')).json as { flowId: string }];
    expect(ofAll.has(flow.flowId)).toBe(true);
    expect((await statusOf(flow.flowId)).state).toBe('waiting');
    await lock.query('SELECT pg_advisory_unlock_all()');
    await lock.release();
    for (const id of [...ofAll, ...ofUser]) await ended(id);
  });
});

describe('a recalculation', () => {
  it('books what somebody has made wrong as one adjustment for each user, which names it, and then nothing', async () => {
    const { id: bob } = await openMember(platform.url, publisher.admin);
    await publisher.publish([publisher.row({ amount: '10' }), publisher.row({ owner: bob, amount: '0.25' })]);
    await publisher.settled();
    const right = await publisher.gross();
    // What should not be possible: two users' credits are wrong, and so are the totals of what they are of.
    await publisher.sql(
      `
      WITH made AS (
        INSERT INTO journal (tenant_id, book, kind, key, payload_hash, occurred_on, booked_on, booked_at, source, postings)
        VALUES ($1, 'main', 'adjustment', 'wrong', 'x', '2025-09-01', '2025-09-01', now(), 'wrong', 2) RETURNING id
      )
      INSERT INTO posting (tenant_id, journal_id, number, account, currency, amount, booked_on)
      SELECT $1, id, number, account, 'EUR', amount, '2025-09-01'
      FROM made, (VALUES (1, 'royalties-payable:' || $2::text, 3), (2, 'royalties-payable:' || $3::text, -3))
        AS wrong (number, account, amount)`,
      [member(), bob],
    );
    await publisher.sql(`UPDATE royalty_total SET royalty = royalty + 1 WHERE tenant_id = $1 AND user_id = $2`, [bob]);
    const { json } = await publisher.admin.post('/accounting/tenant/recalculate', {});
    const { jobId } = json as { jobId: string };
    await ended(jobId);
    expect(await publisher.gross()).toEqual(right);
    const adjustments = await publisher.sql(
      `SELECT count(*)::integer AS count FROM journal WHERE tenant_id = $1 AND source = $2`,
      [`recalculation ${jobId}`],
    );
    expect(adjustments).toEqual([{ count: 2 }]);
    const [total] = await publisher.sql<[object]>(
      `SELECT trim_scale(royalty)::text AS royalty FROM royalty_total WHERE tenant_id = $1 AND user_id = $2 AND dimension = 'all'`,
      [bob],
    );
    expect(total).toEqual({ royalty: '0.25' });
    expect((await publisher.admin.get('/accounting/reconciliation')).json).toMatchObject({
      unallocated: 0,
      postingsSum: 0,
    });
    expect(await publisher.recalculated()).toBe(0);
  });

  it('is there before a figure that is asked for with forceRefresh', async () => {
    const { status, json } = await publisher.admin.get(`/accounting/${member()}/stats?forceRefresh=true`);
    expect([status, json]).toEqual([200, { Royalty_Share: 10, net: 10, paid: 0, due: 10 }]);
  });

  it('waits for a file that is gone, says so, and goes on when it is there', async () => {
    const earnings = await publisher.publish([publisher.row({ amount: '1' })]);
    await publisher.settled();
    const rows = {
      ...earnings,
      storageKey: `${publisher.tenant.id}/accounting/earnings-${earnings.earningsId}.v1.duckdb`,
    };
    const putBack = await publisher.lose(rows);
    const putFileBack = await publisher.lose(earnings);
    const { json } = await publisher.admin.post('/accounting/tenant/recalculate', {});
    const { jobId } = json as { jobId: string };
    await eventually(async () =>
      expect(await statusOf(jobId)).toMatchObject({
        state: 'delayed',
        error: `Earnings ${earnings.earningsId}: their file is not in the object storage`,
      }),
    );
    // What can be booked without it is.
    await publisher.publish([publisher.row({ amount: '2' })]);
    await eventually(async () => expect(Number((await publisher.gross())[member()])).toBe(13));
    // Either of the two will do: one is made of the other.
    await putFileBack();
    expect(await ended(jobId)).not.toHaveProperty('error');
    await putBack();
  }, 60_000);

  it('that failed for good says why, and another one can be asked for', async () => {
    await publisher.sql(
      `UPDATE earnings SET amount = amount + 1 WHERE tenant_id = $1 AND id = (SELECT max(id) FROM earnings)`,
    );
    const ask = async () =>
      ((await publisher.admin.post('/accounting/tenant/recalculate', {})).json as { jobId: string }).jobId;
    const failed = await ask();
    const until = Date.now() + 60_000;
    while (Date.now() < until && (await statusOf(failed)).state !== 'failed')
      await new Promise((go) => setTimeout(go, 500));
    expect(await statusOf(failed)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('but their users would get'),
    });
    await publisher.sql(
      `UPDATE earnings SET amount = amount - 1 WHERE tenant_id = $1 AND id = (SELECT max(id) FROM earnings)`,
    );
    const next = await ask();
    expect(next).not.toBe(failed);
    await ended(next);
    const { queue } = (await publisher.admin.get('/accounting/queue/status')).json as { queue: Record<string, number> };
    expect(queue).toMatchObject({ waiting: 0, active: 0, failed: 1, delayed: 0 });
  }, 120_000);
});

it('of more than a thousand users at once is refused, and points at the batched call', async () => {
  await publisher.sql(`
    INSERT INTO known_user (tenant_id, id, email, first_name, last_name, search_text, roles, deleted, version)
    SELECT $1, uuidv7(), number || '@test.example', 'U', 'U', 'u', '{member}', false, 1
    FROM generate_series(1, 1000) AS number`);
  const { status, text } = await publisher.admin.get('/accounting/refresh');
  expect([status, text]).toEqual([422, expect.stringContaining('POST /accounting/tenant/recalculate')]);
});
