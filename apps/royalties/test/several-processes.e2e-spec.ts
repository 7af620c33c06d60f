import { execFile, type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { addMonths } from '@countinghouse/calendar';
import type { Platform } from '@countinghouse/local';
import { eventually, openTenant, startProduct, type StatementView, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { kontorHeader, kontorLine } from './kontor-file.js';
import { jobsEnded, openRoyaltiesDatabase } from './royalties-database.js';

const lines = 5_000;
/** A statement that is like no other. */
const fileOf = (title: string, howMany: number): string =>
  [kontorHeader, ...Array.from({ length: howMany }, () => kontorLine({ title }))].join('\n');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
};

interface Replica {
  process: ChildProcess;
  operationsUrl: string;
}

/** A second process of royalties, beside the one that the product has started. */
const startReplica = async (platform: Platform): Promise<Replica> => {
  const directory = fileURLToPath(new URL('..', import.meta.url));
  const { storageSigningKey } = JSON.parse(readFileSync(join(platform.home, 'secrets.json'), 'utf8'));
  const port = await freePort();
  const child = spawn(process.execPath, [join(directory, 'dist', 'main.js')], {
    cwd: directory,
    env: {
      ...process.env,
      EMBEDDED: '1',
      NODE_ENV: 'production',
      NATS_URL: platform.natsUrl,
      DATABASE_URL: platform.databaseUrl('royalties'),
      STORAGE_URL: pathToFileURL(join(platform.home, 'objects')).href,
      STORAGE_SIGNING_KEY: storageSigningKey,
      PUBLIC_URL: platform.url,
      OPS_PORT: String(port),
      WORK_DIR: join(platform.home, 'work', 'replica'),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const operationsUrl = `http://127.0.0.1:${port}`;
  await eventually(async () => expect((await fetch(`${operationsUrl}/health/ready`)).status).toBe(200));
  return { process: child, operationsUrl };
};

/** How many statements this process has brought to their end. */
const statementsDone = async (operationsUrl: string): Promise<number> => {
  const metrics = await (await fetch(`${operationsUrl}/metrics`)).text();
  const sample = /^countinghouse_job_seconds_count\{job="statement",outcome="completed"\} (\d+)$/m;
  return Number(sample.exec(metrics)?.[1] ?? 0);
};

describe('two processes of royalties', () => {
  let platform: Platform;
  let database: DataSource;
  let replica: Replica;
  let busy: TestTenant;
  let other: TestTenant;

  beforeAll(async () => {
    platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
    database = await openRoyaltiesDatabase(platform);
    replica = await startReplica(platform);
    [busy, other] = [await openTenant(platform), await openTenant(platform)];
  }, 120_000);

  afterAll(async () => {
    replica?.process.kill('SIGKILL');
    await database?.destroy();
    await platform?.stop();
  }, 30_000);

  const upload = async ({ admin }: TestTenant, reportingMonth: string, howMany: number): Promise<number> => {
    const file = fileOf(reportingMonth, howMany);
    const { json, status } = await admin.upload(`distributor=KONTOR&reportingMonth=${reportingMonth}`, file);
    expect(status).toBe(202);
    return (json as StatementView).id;
  };

  it('share the statements of one tenant, keep none of another waiting, and go on when one is killed', async () => {
    const months = Array.from({ length: 30 }, (_, at) => addMonths('202301', at));
    const ids = await Promise.all(months.map((month) => upload(busy, month, lines)));
    const short = await upload(other, '202301', 10);
    expect(await other.admin.settled(short)).toMatchObject({ state: 'completed', lines: { read: 10 } });
    const [queue] = await database.query(
      `SELECT count(*)::integer AS waiting FROM job WHERE tenant_id = $1 AND state = 'waiting'`,
      [busy.id],
    );
    // First in, first out would have come to the last of them before.
    expect(queue.waiting).toBeGreaterThan(0);

    for (const url of [platform.operationsUrl('royalties'), replica.operationsUrl]) {
      await eventually(async () => expect(await statementsDone(url)).toBeGreaterThan(0));
    }
    replica.process.kill('SIGKILL');
    for (const id of ids) {
      expect(await busy.admin.settled(id)).toMatchObject({ state: 'completed', lines: { read: lines } });
    }
    for (const { id } of [busy, other]) await jobsEnded(database, id);
    const done: { starts: number; crashes: number }[] = await database.query(
      `SELECT starts, crashes FROM job WHERE name = 'statement' AND state = 'completed'`,
    );
    expect(done).toHaveLength(31);
    for (const { starts, crashes } of done) expect(starts).toBe(1 + crashes);
  }, 240_000);
});

describe('a statement whose job was given up while its reports were made', () => {
  let platform: Platform;

  beforeAll(async () => {
    platform = await startProduct();
  }, 60_000);

  afterAll(() => platform?.stop(), 30_000);

  it('is completed once an administrator begins the job again', async () => {
    const { admin, id: tenantId } = await openTenant(platform);
    const statement = await admin.uploaded('distributor=KONTOR&reportingMonth=202507', fileOf('Snow', 10));
    const database = await openRoyaltiesDatabase(platform);
    await database.query(`UPDATE statement SET state = 'reporting' WHERE tenant_id = $1`, [tenantId]);
    await jobsEnded(database, tenantId);
    await database.query(`UPDATE job SET state = 'failed', crashes = 20, error = 'died' WHERE name = 'statement'`);
    await database.destroy();

    const program = fileURLToPath(new URL('../../../scripts/admin.mjs', import.meta.url));
    const command = async (...args: string[]) => {
      const env = { ...process.env, COUNTINGHOUSE_HOME: platform.home };
      return (await promisify(execFile)(process.execPath, [program, ...args], { env })).stdout.trim();
    };
    expect(await command('--help')).toContain('retry-jobs <name> [id]');
    const listed = await command('royalties', 'failed-jobs');
    expect(listed).toContain(`tenant ${tenantId}, subject ${statement.id}, started 1 times: died`);
    expect(await command('royalties', 'retry-jobs', 'statement')).toBe('1 begun again.');
    expect(await admin.settled(statement.id)).toMatchObject({ state: 'completed' });
    expect(await command('royalties', 'failed-jobs')).toBe('No job has failed.');
    await expect(command('royalties', 'retry-jobs')).rejects.toMatchObject({ code: 1 });
  }, 120_000);
});
