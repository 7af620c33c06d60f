import { eventually, type TestDatabase, testDatabase } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { migrate } from './migrate.js';
import { openDatabase } from './open-database.js';
import { PointRead } from './point-read.js';
import { closeReadConnections } from './read-connection.js';
import { tenantTable } from './tenancy.js';

class Accounts1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE account (tenant_id integer NOT NULL, id bigint NOT NULL, name text, PRIMARY KEY (tenant_id, id))`);
    await queryRunner.query(`
      INSERT INTO account SELECT tenant, id, format('%s of %s', id, tenant)
      FROM generate_series(1, 2) AS tenant, generate_series(1, 100) AS id`);
    await queryRunner.query(`INSERT INTO account VALUES (2, 1000, 'only of 2')`);
    await tenantTable(queryRunner, 'account', 'SELECT');
  }
  async down(): Promise<void> {}
}

const options = { service: 'accounts', entities: [], migrations: [Accounts1700000000000] };

let database: TestDatabase;
let dataSource: DataSource;
let accounts: PointRead<{ id: number; name: string }>;

beforeAll(async () => {
  database = await testDatabase('accounts', (urls) => migrate({ ...options, ...urls }));
  dataSource = await openDatabase({ ...options, url: database.url });
  // No tenant in the query: row-level security alone keeps tenants apart here.
  accounts = new PointRead(dataSource, 'SELECT id, name FROM account WHERE id = ANY($1)');
}, 60_000);

afterAll(async () => {
  if (dataSource) await closeReadConnections(dataSource);
  await dataSource?.destroy();
  await database?.drop();
});

const asAdmin = async (sql: string) => {
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const { rows } = await admin.query(sql);
  await admin.end();
  return rows;
};

describe('PointRead', () => {
  it('finds a row by id, and null where there is none', async () => {
    expect(await accounts.find(1, 7)).toEqual({ id: 7, name: '7 of 1' });
    expect(await accounts.find(1, 777)).toBeNull();
  });

  it('gives each of many askers at once the row of their own tenant', async () => {
    const asked = Array.from({ length: 2_000 }, (_, index) => ({ tenant: 1 + (index % 2), id: 1 + (index % 97) }));
    const rows = await Promise.all(asked.map(({ tenant, id }) => accounts.find(tenant, id)));
    expect(rows.map((row) => row?.name)).toEqual(asked.map(({ tenant, id }) => `${id} of ${tenant}`));
  });

  it('never finds a row of another tenant, also not in the same tick', async () => {
    const [own, foreign] = await Promise.all([accounts.find(2, 1000), accounts.find(1, 1000)]);
    expect(own?.name).toBe('only of 2');
    expect(foreign).toBeNull();
  });

  it('asks for what was wanted in one tick with one statement per tenant', async () => {
    const calls = async () => {
      await asAdmin('SELECT pg_stat_force_next_flush()');
      const [row] = await asAdmin(
        `SELECT sum(xact_commit) AS commits FROM pg_stat_database WHERE datname = current_database()`,
      );
      return Number(row.commits);
    };
    const before = await calls();
    await Promise.all(Array.from({ length: 500 }, (_, index) => accounts.find(1 + (index % 2), 1 + (index % 50))));
    expect((await calls()) - before).toBeLessThan(20);
  });

  it('fails only for who asked for an id that PostgreSQL cannot read', async () => {
    const [good, bad] = await Promise.allSettled([accounts.find(1, 5), accounts.find(1, 'five' as never)]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('invalid input') } });
    expect(good).toMatchObject({ status: 'fulfilled', value: { name: '5 of 1' } });
  });

  it('is unavailable while its connections are cut, and goes on afterwards', async () => {
    const cut = asAdmin(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => accounts.find(1, index + 1)));
    await cut;
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ reply: { code: 'unavailable' } });
    }
    expect(await eventually(() => accounts.find(1, 7))).toEqual({ id: 7, name: '7 of 1' });
  });
});
