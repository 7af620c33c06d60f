import { randomUUID } from 'node:crypto';
import type { Call } from '@countinghouse/contracts';
import { type TestDatabase, testDatabase } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DataSource, EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { wasReplayed } from './idempotency.js';
import { migrate } from './migrate.js';
import { openDatabase } from './open-database.js';
import { tenantTable } from './tenancy.js';
import { Transactions } from './transactions.js';

class Notes1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE note (tenant_id integer NOT NULL, id uuid NOT NULL DEFAULT gen_random_uuid(), text text, PRIMARY KEY (tenant_id, id))`);
    await tenantTable(queryRunner, 'note', 'SELECT, INSERT, UPDATE, DELETE');
  }
  async down(): Promise<void> {}
}

const options = { service: 'notes', entities: [], migrations: [Notes1700000000000], poolSize: 5 };

let database: TestDatabase;
let dataSource: DataSource;
let transactions: Transactions;

beforeAll(async () => {
  database = await testDatabase('notes', (urls) => migrate({ ...options, ...urls }));
  dataSource = await openDatabase({ ...options, url: database.url });
  transactions = new Transactions(dataSource);
}, 60_000);

afterAll(async () => {
  await dataSource?.destroy();
  await database?.drop();
});

const caller = (tenantId: number, idempotency?: Partial<Call['idempotency']>): Call => ({
  requestId: randomUUID(),
  principal: { tenantId, userId: 'ada', roles: ['admin'] },
  ...(idempotency && { idempotency: { key: randomUUID(), route: 'POST /note', bodyHash: 'body', ...idempotency } }),
});

const addNote = (tenantId: number, text: string) => async (manager: EntityManager) => {
  const [{ id }] = await manager.query('INSERT INTO note (tenant_id, text) VALUES ($1, $2) RETURNING id', [
    tenantId,
    text,
  ]);
  return { id, text };
};

const notesOf = (tenantId: number, text: string): Promise<unknown[]> =>
  transactions.read(tenantId, (manager) => manager.query('SELECT * FROM note WHERE text = $1', [text]));

const refusal = (code: string) => expect.objectContaining({ reply: expect.objectContaining({ code }) });

describe('tenancy', () => {
  beforeAll(async () => {
    for (const tenantId of [1, 2]) await transactions.inTenant(tenantId, addNote(tenantId, 'shared title'));
  });

  it('shows a raw connection with the plain role no row at all', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query('SELECT * FROM note');
    await client.end();
    expect(rows).toEqual([]);
  });

  it('shows each tenant its own rows only', async () => {
    expect(await notesOf(1, 'shared title')).toEqual([expect.objectContaining({ tenant_id: 1 })]);
    expect(await notesOf(2, 'shared title')).toEqual([expect.objectContaining({ tenant_id: 2 })]);
  });

  it('refuses a row written for another tenant', async () => {
    await expect(transactions.inTenant(1, addNote(2, 'smuggled'))).rejects.toThrow('row-level security');
  });

  it('leaves no tenant behind on a pooled connection, after a commit or a failure', async () => {
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        transactions.inTenant(1, async (manager) => {
          await manager.query('SELECT pg_sleep(0.01)');
          if (index % 2) throw new Error('on purpose');
        }),
      ),
    );
    const seen = await Promise.all(
      Array.from({ length: 5 }, () => dataSource.query('SELECT (SELECT count(*) FROM note) AS notes, pg_sleep(0.02)')),
    );
    expect(seen.flat().map(({ notes }) => notes)).toEqual([0, 0, 0, 0, 0]);
  });

  it('shows a call without a principal no row', async () => {
    const rows = await transactions.run({ requestId: 'public' }, (manager) => manager.query('SELECT * FROM note'));
    expect(rows).toEqual([]);
  });

  it('refuses writes in a read', async () => {
    await expect(transactions.read(1, addNote(1, 'in a read'))).rejects.toThrow('read-only');
  });
});

describe('idempotency', () => {
  it('lets 20 equal calls at once take effect once', async () => {
    const call = () => caller(1, { key: 'twenty' });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => transactions.run(call(), addNote(1, 'twenty'))),
    );
    const replies = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(await notesOf(1, 'twenty')).toHaveLength(1);
    expect(new Set(replies).size).toBe(1);
    for (const reason of refusals) expect(reason).toEqual(refusal('conflict'));
  });

  it('replays the stored reply, and says that it did', async () => {
    const first = caller(1, { key: 'again' });
    const second = caller(1, { key: 'again' });
    const reply = await transactions.run(first, addNote(1, 'again'));
    expect(await transactions.run(second, addNote(1, 'again'))).toEqual(reply);
    expect([wasReplayed(first), wasReplayed(second)]).toEqual([false, true]);
  });

  it('refuses the same key with another body', async () => {
    await transactions.run(caller(1, { key: 'body' }), addNote(1, 'body'));
    const other = transactions.run(caller(1, { key: 'body', bodyHash: 'other' }), addNote(1, 'other'));
    await expect(other).rejects.toEqual(refusal('unprocessable'));
  });

  it('refuses a call while its twin is running', async () => {
    const running = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = transactions.run(caller(1, { key: 'slow' }), async () => {
      running.resolve();
      await finish.promise;
      return 'done';
    });
    await running.promise;
    await expect(transactions.run(caller(1, { key: 'slow' }), async () => 'twin')).rejects.toEqual(refusal('conflict'));
    finish.resolve();
    expect(await first).toBe('done');
  });

  it('stores nothing of a failed transaction', async () => {
    const failing = async () => {
      throw new Error('on purpose');
    };
    await expect(transactions.run(caller(1, { key: 'fails' }), failing)).rejects.toThrow('on purpose');
    expect(await transactions.run(caller(1, { key: 'fails' }), async () => 'second try')).toBe('second try');
  });

  it('keeps tenants, principals and routes apart', async () => {
    const key = 'scoped';
    const other = caller(1, { key });
    other.principal = { tenantId: 1, clientId: 'ada', roles: ['admin'] };
    const calls = [caller(1, { key }), caller(2, { key }), caller(1, { key, route: 'POST /other' }), other];
    const replies = await Promise.all(calls.map((call, index) => transactions.run(call, async () => index)));
    expect(replies).toEqual([0, 1, 2, 3]);
  });

  it('keeps what is shown only once out of replayed replies', async () => {
    const run = () =>
      transactions.run(caller(1, { key: 'secret' }), async () => ({ id: 1, secret: 's3cret' }), {
        storedReply: ({ id }) => ({ id }),
      });
    expect(await run()).toEqual({ id: 1, secret: 's3cret' });
    expect(await run()).toEqual({ id: 1 });
  });

  it('replays a reply of nothing', async () => {
    const run = () => transactions.run(caller(1, { key: 'nothing' }), async () => null);
    expect([await run(), await run()]).toEqual([null, null]);
  });
});

describe('failures of the database', () => {
  it('runs a transaction again after a deadlock', async () => {
    const [first, second] = await Promise.all(
      ['deadlock a', 'deadlock b'].map((text) => transactions.inTenant(1, addNote(1, text))),
    );
    const ids = [first?.id, second?.id];
    let attempts = 0;
    const bothHoldOne = Promise.withResolvers<void>();
    const touch = (order: unknown[]) =>
      transactions.inTenant(1, async (manager) => {
        await manager.query(`UPDATE note SET text = text WHERE id = $1`, [order[0]]);
        if (++attempts === 2) bothHoldOne.resolve();
        await bothHoldOne.promise;
        await manager.query(`UPDATE note SET text = text WHERE id = $1`, [order[1]]);
      });
    await Promise.all([touch(ids), touch(ids.toReversed())]);
    expect(attempts).toBe(3);
  });

  it('says that a statement took too long', async () => {
    const slow = transactions.inTenant(1, (manager) => manager.query('SELECT pg_sleep(5)'), { statementTimeoutMs: 50 });
    await expect(slow).rejects.toEqual(refusal('deadline_exceeded'));
  });

  it('says that the database is unavailable when the connection is cut, and goes on afterwards', async () => {
    const cut = transactions.inTenant(1, (manager) => manager.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    await expect(cut).rejects.toEqual(refusal('unavailable'));
    expect(await transactions.inTenant(1, async () => 'on')).toBe('on');
  });
});

describe('numbers and dates', () => {
  it('keeps numerics as exact strings, counts as numbers and dates as dates', async () => {
    const [row] = await dataSource.query(
      `SELECT 0.10000000000000000001::numeric AS amount, 7::bigint AS count, DATE '2026-02-28' AS day`,
    );
    expect(row).toEqual({ amount: '0.10000000000000000001', count: 7, day: '2026-02-28' });
  });

  it('refuses an integer that a number cannot hold', async () => {
    await expect(dataSource.query('SELECT 9007199254740993::bigint')).rejects.toThrow('too large');
  });
});
