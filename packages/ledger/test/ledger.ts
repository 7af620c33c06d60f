import { migrate, openDatabase, Transactions } from '@countinghouse/service';
import { type DatabaseUrls, type TestDatabase, testDatabase } from '@countinghouse/testing';
import { Client } from 'pg';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import type { Chart } from '../src/chart.js';
import { credit, debit, journal, type JournalDraft } from '../src/journal.js';
import { ledgerTables } from '../src/tables/ledger-tables.js';

export const chart = {
  cash: { class: 'asset' },
  'distributor-receivable': { class: 'asset' },
  'royalties-payable': { class: 'liability', per: 'user' },
  revenue: { class: 'income' },
  expense: { class: 'expense' },
  returns: { class: 'income', normalSide: 'debit' },
} satisfies Chart;

class Ledger1700000000000 implements MigrationInterface {
  up(queryRunner: QueryRunner): Promise<void> {
    return ledgerTables(queryRunner);
  }
  async down(): Promise<void> {}
}

export interface TestLedger {
  transactions: Transactions;
  dataSource: DataSource;
  database: TestDatabase;
  /** One statement as the owner of the tables, whom row-level security does not bind. */
  asOwner(sql: string, values?: unknown[]): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** A ledger on a real PostgreSQL; the server of the test run unless another is given. */
export const testLedger = async (server?: string): Promise<TestLedger> => {
  const options = { service: 'ledger', entities: [], migrations: [Ledger1700000000000], poolSize: 25 };
  const database = await testDatabase('ledger', (urls: DatabaseUrls) => migrate({ ...options, ...urls }), server);
  const dataSource = await openDatabase({ ...options, url: database.url });
  const owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  return {
    transactions: new Transactions(dataSource),
    dataSource,
    database,
    asOwner: async (sql, values) => (await owner.query(sql, values)).rows,
    stop: async () => {
      await owner.end();
      await dataSource.destroy();
      await database.drop();
    },
  };
};

/** A payment to a user. */
export const payment = (key: string, amount: string, more: Partial<JournalDraft> & { user?: string } = {}) =>
  journal(chart, {
    kind: 'payment',
    key,
    occurredOn: '2026-02-03',
    postings: [debit(`royalties-payable:${more.user ?? 'ada'}`, 'EUR', amount), credit('cash', 'EUR', amount)],
    ...more,
  });
