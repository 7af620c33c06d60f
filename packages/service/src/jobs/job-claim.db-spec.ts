import { eventually, type TestDatabase, testDatabase } from '@countinghouse/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { migrate } from '../database/migrate.js';

interface Claimed {
  id: string;
  tenant_id: number;
  subject: string;
}

let database: TestDatabase;
let admin: Client;
let sessions: Client[] = [];

const connect = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  sessions.push(client);
  return client;
};
/** What a process claims by and keeps its locks in. */
const openSession = () => connect(database.url);

const claim = async (session: Client, newcomersOnly = false): Promise<Claimed | null> =>
  (await session.query<Claimed>(`SELECT * FROM job_claim('cook', $1)`, [newcomersOnly])).rows[0] ?? null;

const send = async (tenantId: number, ...subjects: (string | number)[]) => {
  const insert = `INSERT INTO job (tenant_id, name, subject, data)
    SELECT $1, 'cook', subject, '{}' FROM unnest($2::text[]) WITH ORDINALITY AS sent(subject, at) ORDER BY at`;
  await admin.query(insert, [tenantId, subjects]);
};

const finish = async (session: Client, { id, tenant_id, subject }: Claimed) => {
  await admin.query(`UPDATE job SET state = 'completed', finished_at = now() WHERE id = $1`, [id]);
  await session.query(`SELECT pg_advisory_unlock(job_lock($1, 'cook', $2))`, [tenant_id, subject]);
};

const subjects = (howMany: number) => Array.from({ length: howMany }, (_, at) => at + 1);

beforeAll(async () => {
  database = await testDatabase('kitchen', (urls) =>
    migrate({ service: 'kitchen', entities: [], migrations: [], ...urls }),
  );
}, 60_000);

afterAll(() => database?.drop());

beforeEach(async () => {
  admin = await connect(database.adminUrl);
  await admin.query('DELETE FROM job');
});

afterEach(async () => {
  await Promise.all(sessions.map((session) => session.end()));
  sessions = [];
});

describe('a place that is free', () => {
  it('goes to the tenant who has not had one, however long the queues of others are', async () => {
    const session = await openSession();
    await send(1, ...subjects(50));
    await send(2, ...subjects(50));
    for (const tenant of [1, 2, 1, 2]) {
      const job = await claim(session);
      expect(job).toMatchObject({ tenant_id: tenant });
      await finish(session, job!);
    }
    await send(3, 'the only one');
    expect(await claim(session)).toMatchObject({ tenant_id: 3 });
  });

  it('is left by the tenants of whom one is running, when it is the last', async () => {
    const session = await openSession();
    await send(1, 1, 2);
    await claim(session);
    expect(await claim(session, true)).toBeNull();
    await send(2, 1);
    expect(await claim(session, true)).toMatchObject({ tenant_id: 2 });
  });

  it('goes to the next job where the oldest is held by somebody', async () => {
    const session = await openSession();
    await send(1, 1, 2, 3);
    const other = await openSession();
    await other.query(`SELECT pg_advisory_lock(job_lock(1, 'cook', '1'))`);
    await admin.query('BEGIN');
    await admin.query(`UPDATE job SET data = '{}' WHERE subject = '2'`);
    expect(await claim(session)).toMatchObject({ subject: '3' });
    expect(await claim(session)).toBeNull();
    await admin.query('COMMIT');
    expect(await claim(session)).toMatchObject({ subject: '2' });
  });

  it('is given once, and evenly, when many ask at the same time', async () => {
    for (const tenant of [1, 2, 3]) await send(tenant, ...subjects(10));
    const asking = await Promise.all(Array.from({ length: 12 }, openSession));
    // None of them is answered before all have asked.
    await asking[0]!.query('BEGIN');
    const first = await claim(asking[0]!);
    const others = Promise.all(asking.slice(1).map((session) => claim(session)));
    await eventually(async () => {
      const { rows } = await admin.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
      expect(rows).toHaveLength(11);
    });
    await asking[0]!.query('COMMIT');
    const jobs = [first, ...(await others)];
    expect(new Set(jobs.map((job) => job?.id)).size).toBe(12);
    const perTenant = Map.groupBy(jobs, (job) => job?.tenant_id);
    expect([...perTenant.values()].map(({ length }) => length)).toEqual([4, 4, 4]);
  });

  it('is found by a look at each tenant, not at each job, also when the queue has just become long', async () => {
    const session = await openSession();
    // Planned while there is nothing.
    for (let times = 0; times < 10; times++) await claim(session);
    await admin.query(`INSERT INTO job (tenant_id, name, subject, data)
      SELECT number % 5, 'cook', number, '{}' FROM generate_series(1, 20000) AS number`);
    await session.query('BEGIN');
    expect(await claim(session)).not.toBeNull();
    const { rows } = await session.query(
      `SELECT seq_tup_read + idx_tup_fetch AS read FROM pg_stat_xact_user_tables WHERE relname = 'job'`,
    );
    await session.query('COMMIT');
    expect(Number(rows[0].read)).toBeLessThan(200);
  });

  it('goes to whoever has the fewest running, then to whoever was served longest ago, then to who came first', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ send: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 3, arbitrary: fc.record({ claim: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ finish: fc.nat() }) },
    );
    const session = await openSession();
    const isFair = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (steps) => {
      const model = new Turns();
      const running: Claimed[] = [];
      for (const [at, one] of steps.entries()) {
        if ('send' in one) {
          await send(one.send, at);
          model.waiting.push({ tenant: one.send, subject: `${at}` });
        } else if ('claim' in one) {
          const job = await claim(session, one.claim);
          expect(job && { tenant: job.tenant_id, subject: job.subject }).toEqual(model.next(one.claim, at));
          if (job) running.push(job);
        } else if (running.length > 0) {
          const [job] = running.splice(one.finish % running.length, 1);
          await finish(session, job!);
          model.finish(job!.tenant_id);
        }
      }
    });
    const cleanUp = async () => {
      await session.query('SELECT pg_advisory_unlock_all()');
      await admin.query('DELETE FROM job');
    };
    await fc.assert(isFair.afterEach(cleanUp), { numRuns: 40 });
  });
});

/** The rule in words of its own. */
class Turns {
  waiting: { tenant: number; subject: string }[] = [];
  private readonly running: number[] = [];
  private readonly servedAt = new Map<number, number>();

  next(newcomersOnly: boolean, at: number) {
    const count = (tenant: number) => this.running.filter((one) => one === tenant).length;
    const served = (tenant: number) => this.servedAt.get(tenant) ?? -1;
    // The sort is stable: what is equal stays in the order in which it came.
    const [first] = this.waiting
      .filter(({ tenant }) => !newcomersOnly || count(tenant) === 0)
      .toSorted((a, b) => count(a.tenant) - count(b.tenant) || served(a.tenant) - served(b.tenant));
    if (!first) return null;
    this.waiting = this.waiting.filter((one) => one !== first);
    this.running.push(first.tenant);
    this.servedAt.set(first.tenant, at);
    return first;
  }

  finish(tenant: number): void {
    this.running.splice(this.running.indexOf(tenant), 1);
  }
}
