import { eventually, type Platform, startProduct, type TestDatabase, testDatabase } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { migrate } from './migrate.js';
import { openDatabase } from './open-database.js';
import { PointRead } from './point-read.js';
import { closeReadConnections } from './read-connection.js';
import { tenantTable } from './tenancy.js';
import { Transactions } from './transactions.js';

class Items1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE item (tenant_id integer NOT NULL, id integer NOT NULL, PRIMARY KEY (tenant_id, id))`,
    );
    await tenantTable(queryRunner, 'item', 'SELECT, INSERT');
  }
  async down(): Promise<void> {}
}
class Later1700000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE item ADD COLUMN note text`);
  }
  async down(): Promise<void> {}
}

const options = { service: 'items', entities: [], migrations: [Items1700000000000] };
const later = { ...options, migrations: [Items1700000000000, Later1700000000001] };

const queryAs = async (url: string, sql: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
};

describe('opening a database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase('items', (urls) => migrate({ ...options, ...urls }));
  }, 60_000);
  afterAll(() => database?.drop());

  it('is refused to a superuser, and to the owner of the tables', async () => {
    await expect(openDatabase({ ...options, url: database.adminUrl })).rejects.toThrow(
      'postgres is a superuser, so one',
    );
    await expect(openDatabase({ ...options, url: database.ownerUrl })).rejects.toThrow('is the owner of the tables');
  });

  it('is refused to a role that bypasses row-level security', async () => {
    const role = `bypass_${Date.now()}`;
    await queryAs(database.adminUrl, `CREATE ROLE ${role} LOGIN BYPASSRLS PASSWORD 'test'`);
    await queryAs(database.adminUrl, `GRANT SELECT ON migrations TO ${role}`);
    const url = database.url.replace('//items:', `//${role}:`);
    await expect(openDatabase({ ...options, url })).rejects.toThrow('is BYPASSRLS');
  });

  it('is refused with a clear sentence when the role or the database is wrong', async () => {
    const url = database.url.replace(':test@', ':wrong@');
    await expect(openDatabase({ ...options, url })).rejects.toThrow(/refuses items .*Check DATABASE_URL/);
  });

  it('is refused while migrations are missing and there is no owner to apply them', async () => {
    await expect(openDatabase({ ...later, url: database.url })).rejects.toThrow(
      'lacks 1 migrations (Later1700000000001). Start once with MIGRATION_DATABASE_URL',
    );
  });

  it('applies each migration once when replicas start together', async () => {
    const replicas = await Promise.all(
      [1, 2, 3].map(() => openDatabase({ ...later, url: database.url, ownerUrl: database.ownerUrl })),
    );
    await Promise.all(replicas.map((replica) => replica.destroy()));
    expect(await queryAs(database.url, `SELECT name FROM migrations WHERE name LIKE 'Later%'`)).toHaveLength(1);
  });

  it('shows the plain role no row of any table that has a tenant, without one set', async () => {
    const tables = await queryAs(
      database.adminUrl,
      `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant_id'`,
    );
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['outbox', 'inbox', 'job', 'item']));
    await queryAs(
      database.adminUrl,
      `INSERT INTO item VALUES (1, 1);
       INSERT INTO outbox (tenant_id, subject, body) VALUES (1, 's', '{}');
       INSERT INTO inbox (tenant_id, subject, fact_id) VALUES (1, 's', gen_random_uuid());
       INSERT INTO dead_letter (tenant_id, subject, message_id, payload, error, attempts) VALUES (1, 's', 'm', '', '', 1);
       INSERT INTO idempotency_key (tenant_id, principal, route, key, body_hash, reply) VALUES (1, 'p', 'r', 'k', 'h', '{}');
       INSERT INTO job (tenant_id, name, subject, data) VALUES (1, 'n', 's', '{}')`,
    );
    for (const { name } of tables) {
      expect(await queryAs(database.adminUrl, `SELECT 1 FROM ${name}`)).not.toEqual([]);
      expect(await queryAs(database.url, `SELECT 1 FROM ${name}`)).toEqual([]);
    }
  });
});

describe('PostgreSQL goes away', () => {
  let servers: Platform;
  let database: TestDatabase;
  let dataSource: DataSource;
  let transactions: Transactions;
  let items: PointRead<{ id: number }>;

  beforeAll(async () => {
    servers = await startProduct({ services: [] });
    database = await testDatabase('items', (urls) => migrate({ ...options, ...urls }), servers.superuserDatabaseUrl());
    dataSource = await openDatabase({ ...options, url: database.url });
    transactions = new Transactions(dataSource);
    items = new PointRead(dataSource, 'SELECT id FROM item WHERE id = ANY($1)');
  }, 60_000);

  afterAll(async () => {
    if (dataSource) await closeReadConnections(dataSource);
    await dataSource?.destroy();
    await servers?.stop();
  });

  const add = (id: number) =>
    transactions.inTenant(1, (manager) => manager.query('INSERT INTO item VALUES (1, $1)', [id]));

  it('makes everything unavailable, loses nothing that was acknowledged, and all works again by itself', async () => {
    const acknowledged: number[] = [];
    const refused: unknown[] = [];
    let next = 1;
    const stop = new AbortController();
    const load = Array.from({ length: 20 }, async () => {
      while (!stop.signal.aborted) {
        const id = next++;
        await add(id).then(
          () => acknowledged.push(id),
          (error: unknown) => refused.push(error),
        );
        await items.find(1, id).catch((error: unknown) => refused.push(error));
      }
    });
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(100));
    await servers.kill('postgres');
    await eventually(() => expect(refused.length).toBeGreaterThan(100));
    await servers.restart('postgres');
    const before = acknowledged.length;
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(before + 100));
    stop.abort();
    await Promise.all(load);
    for (const error of refused) expect(error).toMatchObject({ reply: { code: 'unavailable', retryAfterSeconds: 2 } });
    const rows: { id: number }[] = await transactions.read(1, (manager) => manager.query('SELECT id FROM item'));
    const kept = new Set(rows.map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(await items.find(1, acknowledged[0]!)).toEqual({ id: acknowledged[0] });
  }, 60_000);

  it('is waited for at the start', async () => {
    await servers.kill('postgres');
    const [opened] = await Promise.all([openDatabase({ ...options, url: database.url }), servers.restart('postgres')]);
    await opened.destroy();
  }, 60_000);
});
