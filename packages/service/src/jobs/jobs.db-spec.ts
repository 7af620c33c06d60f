import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DomainError } from '@countinghouse/contracts';
import { eventually, type TestDatabase, testDatabase } from '@countinghouse/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { DatabaseModule } from '../database/database.module.js';
import { migrate } from '../database/migrate.js';
import { Transactions } from '../database/transactions.js';
import { metrics } from '../operations/metrics.js';
import { FailedJobs } from './failed-jobs.js';
import { Job, OnJobFailed, type RunningJob } from './job.js';
import { Jobs } from './jobs.js';
import { JobsModule } from './jobs.module.js';

interface Order {
  [id: string]: number;
  tenantId: number;
  orderId: number;
}

/** What the handler does for an order, and what has happened, over all replicas of the test. */
let work: (order: Order, job: RunningJob) => Promise<void>;
let events: string[] = [];
let atOnce = 0;

@Injectable()
class Kitchen {
  @Job<Order>('cook', { concurrency: 3, retryLimit: 1 })
  async cook(order: Order, job: RunningJob): Promise<void> {
    atOnce++;
    events.push(`start ${order.orderId}`);
    try {
      await work(order, job);
      events.push(`end ${order.orderId}`);
    } finally {
      atOnce--;
    }
  }

  @OnJobFailed<Order>('cook')
  async failed(order: Order, reason: Error, manager: EntityManager): Promise<void> {
    const [{ tenant }] = await manager.query('SELECT current_tenant() AS tenant');
    events.push(`failed ${order.orderId} of ${tenant}: ${reason.message}`);
  }
}

let database: TestDatabase;
let running: INestApplicationContext[] = [];

const startReplica = async (): Promise<INestApplicationContext> => {
  @Module({
    imports: [
      DatabaseModule.forRoot({ service: 'kitchen', url: database.url, entities: [], migrations: [] }),
      JobsModule.forRoot({ service: 'kitchen' }),
    ],
    providers: [Kitchen],
  })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  running.push(app);
  return app;
};

const send = (app: INestApplicationContext, orderId: number, tenantId = 3) =>
  app
    .get(Transactions)
    .inTenant(tenantId, (manager) =>
      app.get(Jobs).send<Order>(manager, 'cook', { tenantId, orderId }, { subject: `${orderId}` }),
    );

const asAdmin = async (sql: string) => {
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const { rows } = await admin.query(sql);
  await admin.end();
  return rows;
};

const states = async () =>
  (await asAdmin('SELECT state FROM job ORDER BY created_at, id')).map(({ state }) => String(state));
const count = (event: string) => events.filter((one) => one === event).length;

beforeAll(async () => {
  database = await testDatabase('kitchen', (urls) =>
    migrate({ service: 'kitchen', entities: [], migrations: [], ...urls }),
  );
}, 60_000);

afterAll(() => database?.drop());

beforeEach(async () => {
  work = async () => {};
  events = [];
  await asAdmin('DELETE FROM job');
});

afterEach(async () => {
  await Promise.all(running.map((app) => app.close()));
  running = [];
}, 30_000);

describe('jobs', () => {
  it('run once their transaction has committed', async () => {
    const app = await startReplica();
    await send(app, 1);
    await eventually(async () => expect(await states()).toEqual(['completed']));
    expect(events).toEqual(['start 1', 'end 1']);
  });

  it('of a transaction that fails never run', async () => {
    const app = await startReplica();
    await expect(
      app.get(Transactions).inTenant(3, async (manager) => {
        await app.get(Jobs).send(manager, 'cook', { tenantId: 3, orderId: 1 }, { subject: '1' });
        throw new Error('on purpose');
      }),
    ).rejects.toThrow('on purpose');
    await send(app, 2);
    await eventually(() => expect(events).toEqual(['start 2', 'end 2']));
  });

  it('must have a handler', async () => {
    const app = await startReplica();
    const sent = app
      .get(Transactions)
      .inTenant(3, (manager) => app.get(Jobs).send(manager, 'bake', { tenantId: 3 }, { subject: '1' }));
    await expect(sent).rejects.toThrow(`There is no @Job('bake') method`);
  });

  it('of one subject never run at once, also with two replicas; of others they do', async () => {
    const replicas = [await startReplica(), await startReplica()];
    const open = Promise.withResolvers<void>();
    work = () => open.promise;
    for (const app of replicas) for (const orderId of [1, 1, 2, 3]) await send(app, orderId);
    await eventually(() => expect(atOnce).toBe(3));
    expect(events.toSorted()).toEqual(['start 1', 'start 2', 'start 3']);
    open.resolve();
    await eventually(async () => expect(await states()).not.toContain('active'));
  });

  it('sent while one of the subject is running are done after it, and only once', async () => {
    const app = await startReplica();
    const open = Promise.withResolvers<void>();
    work = () => open.promise;
    await send(app, 1);
    await eventually(() => expect(atOnce).toBe(1));
    await send(app, 1);
    await send(app, 1);
    open.resolve();
    await eventually(async () => expect(await states()).toEqual(['completed', 'completed']));
    expect(events).toEqual(['start 1', 'end 1', 'start 1', 'end 1']);
  });

  it('are not started while a transaction that counts on them is open', async () => {
    const app = await startReplica();
    await asAdmin(`INSERT INTO job (tenant_id, name, subject, data, run_at)
      VALUES (3, 'cook', '1', '{"tenantId": 3, "orderId": 1}', now() + interval '1 hour')`);
    await app.get(Transactions).inTenant(3, async (manager) => {
      await app.get(Jobs).send<Order>(manager, 'cook', { tenantId: 3, orderId: 1 }, { subject: '1' });
      await send(app, 2);
      await eventually(() => expect(events).toContain('end 2'));
      expect(events).not.toContain('start 1');
    });
    await eventually(() => expect(events).toContain('end 1'));
  });
});

describe('the jobs of a tenant with a long queue', () => {
  it('leave the last place of each process to others, and are all done in the end, each once', async () => {
    const replicas = [await startReplica(), await startReplica()];
    const open = Promise.withResolvers<void>();
    work = ({ tenantId }) => (tenantId === 3 ? open.promise : Promise.resolve());
    const orders = Array.from({ length: 30 }, (_, at) => at + 1);
    for (const orderId of orders) await send(replicas[0]!, orderId);
    await eventually(() => expect(events).toHaveLength(4));
    await send(replicas[0]!, 100, 4);
    await send(replicas[1]!, 101, 4);
    await eventually(() => expect(events.filter((event) => event.startsWith('end'))).toHaveLength(2));
    expect(events.slice(4).toSorted()).toEqual(['end 100', 'end 101', 'start 100', 'start 101']);
    expect((await states()).filter((state) => state === 'waiting')).toHaveLength(26);
    open.resolve();
    await eventually(async () => expect(new Set(await states())).toEqual(new Set(['completed'])));
    for (const orderId of orders) expect(count(`start ${orderId}`)).toBe(1);
  });
});

describe('a job that fails', () => {
  it('is tried again after an unexpected error', async () => {
    const app = await startReplica();
    work = async (_, { attempt }) => {
      if (attempt === 1) throw new Error('spilt');
    };
    await send(app, 1);
    await eventually(async () => expect(await states()).toEqual(['completed']));
    expect(events).toEqual(['start 1', 'start 1', 'end 1']);
  });

  it('has failed after its tries, which is noted in its tenant', async () => {
    const app = await startReplica();
    work = async () => {
      throw new Error('burnt');
    };
    await send(app, 1);
    await eventually(async () => expect(await states()).toEqual(['failed']));
    expect(events).toEqual(['start 1', 'start 1', 'failed 1 of 3: burnt']);
    expect(await asAdmin('SELECT error, failures FROM job')).toEqual([{ error: 'burnt', failures: 1 }]);
  });

  it('has failed at once when the work is refused', async () => {
    const app = await startReplica();
    work = async () => {
      throw new DomainError('unprocessable', 'No such dish');
    };
    await send(app, 1);
    await eventually(async () => expect(await states()).toEqual(['failed']));
    expect(events).toEqual(['start 1', 'failed 1 of 3: No such dish']);
  });

  it('waits, as often as needed, for what is not there now', async () => {
    const app = await startReplica();
    work = async (_, { attempt }) => {
      if (attempt <= 3) throw new DomainError('insufficient_storage', 'No space');
    };
    await send(app, 1);
    for (const attempt of [1, 2, 3]) {
      await eventually(() => expect(count('start 1')).toBe(attempt));
      await eventually(async () => expect(await states()).toEqual(['waiting']));
      await asAdmin('UPDATE job SET run_at = now()');
    }
    await eventually(async () => expect(await states()).toEqual(['completed']));
  });

  it('leaves the work to a later job of its subject', async () => {
    const app = await startReplica();
    const open = Promise.withResolvers<void>();
    work = async () => {
      await open.promise;
      if (count('start 1') === 1) throw new Error('spilt');
    };
    await send(app, 1);
    await eventually(() => expect(atOnce).toBe(1));
    await send(app, 1);
    open.resolve();
    await eventually(async () => expect(await states()).toEqual(['failed', 'completed']));
    expect(events).toEqual(['start 1', 'start 1', 'end 1']);
  });
});

describe('a job whose process', () => {
  /** Claims a job the way the kit does, and works on it until it is killed. */
  const otherProcess = async () => {
    const script = `
      import { Client } from 'pg';
      const client = new Client({ connectionString: process.env.URL });
      await client.connect();
      const { rows } = await client.query("SELECT * FROM job_claim('cook')");
      console.log(rows.length);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { ...process.env, URL: database.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await once(child.stdout, 'data');
    expect(String(output).trim()).toBe('1');
    return child;
  };

  it('is killed is run again, and not while it lives', async () => {
    await asAdmin(
      `INSERT INTO job (tenant_id, name, subject, data) VALUES (3, 'cook', '1', '{"tenantId": 3, "orderId": 1}')`,
    );
    const other = await otherProcess();
    const app = await startReplica();
    await send(app, 1);
    await send(app, 2);
    await eventually(() => expect(events).toContain('end 2'));
    // Two looks for orphans and more have passed.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(events).not.toContain('start 1');
    other.kill('SIGKILL');
    await eventually(async () => expect((await states()).toSorted()).toEqual(['completed', 'completed', 'failed']));
    expect(events.filter((event) => event.endsWith('1'))).toEqual(['start 1', 'end 1']);
  }, 30_000);

  it('is killed is run again by itself when nothing else was sent', async () => {
    await asAdmin(
      `INSERT INTO job (tenant_id, name, subject, data) VALUES (3, 'cook', '1', '{"tenantId": 3, "orderId": 1}')`,
    );
    const other = await otherProcess();
    other.kill('SIGKILL');
    await startReplica();
    await eventually(async () => expect(await states()).toEqual(['completed']));
    expect(await asAdmin('SELECT starts FROM job')).toEqual([{ starts: 2 }]);
  }, 30_000);

  it('died too often is given up', async () => {
    await asAdmin(`INSERT INTO job (tenant_id, name, subject, data, crashes)
      VALUES (3, 'cook', '1', '{"tenantId": 3, "orderId": 1}', 20)`);
    await startReplica();
    await eventually(async () => expect(await states()).toEqual(['failed']));
    expect(events).toEqual(['failed 1 of 3: The process died 20 times in this job']);
  });

  it('loses its connection goes on alone', async () => {
    const [app] = [await startReplica(), await startReplica()];
    const open = Promise.withResolvers<void>();
    work = () => open.promise;
    await send(app, 1);
    await eventually(() => expect(atOnce).toBe(1));
    const cut = await asAdmin(`
      SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
      WHERE locktype = 'advisory' AND datname = current_database()`);
    expect(cut).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect(count('start 1')).toBe(1);
    open.resolve();
    await eventually(async () => expect(await states()).toEqual(['completed']));
    expect(events).toEqual(['start 1', 'end 1']);
  }, 30_000);

  it('stops may finish', async () => {
    const app = await startReplica();
    work = () => new Promise((resolve) => setTimeout(resolve, 500));
    await send(app, 1);
    await eventually(() => expect(atOnce).toBe(1));
    await app.close();
    running = [];
    expect(await states()).toEqual(['completed']);
  });
});

describe('a job that was given up', () => {
  const failed = async (app: INestApplicationContext, ...orderIds: number[]) => {
    work = async ({ orderId }) => {
      throw new DomainError('unprocessable', `No dish ${orderId}`);
    };
    for (const orderId of orderIds) await send(app, orderId);
    await eventually(async () => expect(await states()).toEqual(orderIds.map(() => 'failed')));
    work = async () => {};
  };

  it('is listed, and begins again when asked to: one, or all of a name', async () => {
    const app = await startReplica();
    await failed(app, 1, 2, 3);
    const jobs = app.get(FailedJobs);
    const [first] = await jobs.list();
    expect(first).toMatchObject({ name: 'cook', tenantId: 3, subject: '1', error: 'No dish 1', starts: 1 });
    expect(await jobs.retry('bake')).toBe(0);
    expect(await jobs.retry('cook', first!.id)).toBe(1);
    await eventually(async () => expect((await states()).toSorted()).toEqual(['completed', 'failed', 'failed']));
    expect((await jobs.list('cook')).map(({ subject }) => subject)).toEqual(['2', '3']);
    expect(await jobs.retry('cook')).toBe(2);
    await eventually(async () => expect(new Set(await states())).toEqual(new Set(['completed'])));
    expect(await jobs.list()).toEqual([]);
  });

  it('may then fail and die as often as a new one', async () => {
    await asAdmin(`INSERT INTO job (tenant_id, name, subject, data, crashes)
      VALUES (3, 'cook', '1', '{"tenantId": 3, "orderId": 1}', 20)`);
    const app = await startReplica();
    await eventually(async () => expect(await states()).toEqual(['failed']));
    expect(await app.get(FailedJobs).retry('cook')).toBe(1);
    await eventually(async () => expect(await states()).toEqual(['completed']));
    expect(events.slice(1)).toEqual(['start 1', 'end 1']);
  });

  it('is nobody’s concern once another of its subject was sent', async () => {
    const app = await startReplica();
    await failed(app, 1);
    await send(app, 1);
    await eventually(async () => expect(await states()).toEqual(['failed', 'completed']));
    expect(await app.get(FailedJobs).list()).toEqual([]);
    expect(await app.get(FailedJobs).retry('cook')).toBe(0);
  });
});

describe('the table of jobs', () => {
  it('is counted by name and state in the metrics', async () => {
    await startReplica();
    await asAdmin(`INSERT INTO job (tenant_id, name, subject, data, state) VALUES
      (3, 'other', '1', '{}', 'waiting'), (4, 'other', '1', '{}', 'waiting'), (4, 'other', '2', '{}', 'failed')`);
    const shown = (await metrics.metrics()).split('\n').filter((line) => line.startsWith('countinghouse_jobs{'));
    expect(shown.toSorted()).toEqual([
      'countinghouse_jobs{job="other",state="failed"} 1',
      'countinghouse_jobs{job="other",state="waiting"} 2',
    ]);
  });

  it('forgets what has been over for its time, and nothing else', async () => {
    await asAdmin(`INSERT INTO job (tenant_id, name, subject, data, state, created_at, finished_at)
      SELECT 3, 'other', state || days, '{}', state, now() - interval '90 days',
        CASE WHEN state IN ('completed', 'failed') THEN now() - days * interval '1 day' END
      FROM unnest(ARRAY['waiting', 'completed', 'failed']) AS state, unnest(ARRAY[29, 31]) AS days`);
    await startReplica();
    await eventually(async () => {
      const left = await asAdmin('SELECT subject FROM job ORDER BY subject');
      expect(left.map(({ subject }) => subject)).toEqual(['completed29', 'failed29', 'waiting29', 'waiting31']);
    });
  });

  it('shows a raw connection with the plain role nothing', async () => {
    await asAdmin(`INSERT INTO job (tenant_id, name, subject, data) VALUES (3, 'other', '1', '{}')`);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query('SELECT * FROM job');
    await client.end();
    expect(rows).toEqual([]);
  });
});
