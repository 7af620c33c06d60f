import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type EarningsPublished, type EarningsWithdrawn, earningsFileColumns } from '@countinghouse/contracts';
import { literal, withDuckDb } from '@countinghouse/duckdb';
import { multiply, sum } from '@countinghouse/money';
import { type ObjectStorage, openStorage } from '@countinghouse/storage';
import { eventually, openTenant, type Platform, type TestTenant } from '@countinghouse/testing';
import { DataSource } from 'typeorm';

export interface EarningsRow {
  owner: string;
  isrc: string;
  upc: string;
  artist: string;
  label: string;
  store: string;
  country: string;
  usageType: 'stream' | 'download' | 'physical' | 'other';
  /** YYYYMM */
  salesMonth: string;
  quantity: number;
  amount: string;
}

export interface About {
  currency?: string;
  /** YYYYMM */
  reportingMonth?: string;
  /** Made of the rows unless given. */
  sha256?: string;
}

let lastId = 1_000_000;

/**
 * A tenant whose earnings are published as royalties does: a Parquet file in the object storage, and a fact in its
 * outbox. What has become of them is read from accounting's tables as well.
 */
export class EarningsPublisher {
  private facts = 0;

  private constructor(
    private readonly platform: Platform,
    readonly tenant: TestTenant,
    private readonly storage: ObjectStorage,
    private readonly royalties: DataSource,
    readonly accounting: DataSource,
  ) {}

  static async open(platform: Platform, settings?: Parameters<typeof openTenant>[1]): Promise<EarningsPublisher> {
    const tenant = await openTenant(platform, settings);
    const storage = await openStorage(
      { kind: 'disk', folder: join(platform.home, 'objects') },
      { signingKey: 'x'.repeat(32), publicUrl: platform.url, workDir: join(platform.home, 'work', 'publisher') },
    );
    const [royalties, accounting] = await Promise.all(
      ['royalties', 'accounting'].map((service) =>
        new DataSource({ type: 'postgres', url: platform.superuserDatabaseUrl(service) }).initialize(),
      ),
    );
    return new EarningsPublisher(platform, tenant, storage, royalties!, accounting!);
  }

  get admin() {
    return this.tenant.admin;
  }

  async close(): Promise<void> {
    await Promise.all([this.royalties.destroy(), this.accounting.destroy()]);
  }

  /** A row of the tenant's member, with what a test says otherwise. */
  row(more: Partial<EarningsRow> = {}): EarningsRow {
    return { ...row, owner: this.tenant.memberId, ...more };
  }

  async publish(rows: readonly EarningsRow[], about: About = {}): Promise<EarningsPublished> {
    const earnings = await this.store(rows, about);
    await this.tell('royalties.earnings.published', earnings);
    return earnings;
  }

  async withdraw(earnings: EarningsPublished): Promise<void> {
    const body: EarningsWithdrawn = { ...earnings, earningsId: ++lastId, withdraws: earnings.earningsId };
    await this.tell('royalties.earnings.withdrawn', body);
  }

  /** Stores the file and tells nobody. */
  async store(rows: readonly EarningsRow[], about: About = {}): Promise<EarningsPublished> {
    const { currency = 'EUR', reportingMonth = '202508' } = about;
    const folder = await mkdtemp(join(tmpdir(), 'earnings-'));
    try {
      const path = join(folder, 'earnings.parquet');
      await writeParquet(folder, path, rows, currency);
      const sha256 =
        about.sha256 ??
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex');
      const storageKey = `${this.tenant.id}/statements/1/earnings-${randomUUID()}.parquet`;
      await this.storage.putFile(storageKey, path);
      return {
        earningsId: ++lastId,
        statementId: lastId,
        distributor: 'KONTOR',
        reportingMonth,
        currency,
        storageKey,
        sha256,
        rows: rows.length,
        amount: sum(rows.map(({ amount }) => amount)),
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async tell(subject: string, body: object): Promise<void> {
    this.facts += 1;
    await this.tellOther(subject, body);
  }

  /** Tells what is not about earnings. */
  async tellOther(subject: string, body: object): Promise<void> {
    await this.retried(this.royalties, `INSERT INTO outbox (tenant_id, subject, body) VALUES ($1, $2, $3)`, [
      this.tenant.id,
      subject,
      JSON.stringify(body),
    ]);
  }

  /** Takes a file away; answers what puts it back. */
  async lose({ storageKey }: EarningsPublished): Promise<() => Promise<void>> {
    const { stream } = await this.storage.open(storageKey);
    const content = await buffer(stream);
    await this.storage.delete(storageKey);
    return async () => void (await this.storage.put(storageKey, content));
  }

  /** Once accounting has heard of everything and has nothing left to do at once. */
  async settled(): Promise<void> {
    await eventually(async () => {
      const [{ heard }] = await this.sql<[{ heard: number }]>(
        `SELECT count(*)::integer AS heard FROM earnings WHERE tenant_id = $1 AND id > 1000000`,
      );
      if (heard !== this.facts) throw new Error(`${heard} of ${this.facts} facts were heard`);
    });
    await this.settledHere();
  }

  /** Once accounting has nothing left to do at once of what it has heard of. */
  settledHere(): Promise<void> {
    return eventually(async () => {
      const busy = await this.sql<object[]>(
        `SELECT name, state, error FROM job WHERE tenant_id = $1 AND state IN ('waiting', 'active') AND run_at <= now()`,
      );
      if (busy.length > 0) throw new Error(`still working: ${JSON.stringify(busy)}`);
    });
  }

  /** Of accounting, with the tenant as `$1`. */
  sql<Rows extends object[]>(query: string, values: unknown[] = []): Promise<Rows> {
    return this.retried(this.accounting, query, [this.tenant.id, ...values]);
  }

  /** What each user has been credited, to the last digit, without those who have nothing. */
  async gross(): Promise<Record<string, string>> {
    const rows = await this.sql<{ userId: string; amount: string }[]>(
      `SELECT split_part(account, ':', 2) AS "userId", trim_scale(-sum(amount))::text AS amount FROM posting
       JOIN journal ON journal.tenant_id = posting.tenant_id AND journal.id = journal_id
       WHERE posting.tenant_id = $1 AND account LIKE 'royalties-payable:%' AND kind IN ('earnings', 'adjustment')
       GROUP BY account HAVING sum(amount) <> 0`,
    );
    return Object.fromEntries(rows.map(({ userId, amount }) => [userId, amount]));
  }

  /** Recalculates everybody. Answers how many adjustments that took. */
  async recalculated(): Promise<number> {
    const adjustments = `SELECT count(*)::integer AS count FROM journal WHERE tenant_id = $1 AND kind = 'adjustment'`;
    const count = async () => (await this.sql<[{ count: number }]>(adjustments))[0].count;
    const before = await count();
    const { status, text } = await this.admin.get('/accounting/refresh');
    if (status !== 200) throw new Error(`refresh: ${status} ${text}`);
    return (await count()) - before;
  }

  /** The database may be away for a moment in tests that kill it. */
  private async retried<Rows>(database: DataSource, query: string, values: unknown[]): Promise<Rows> {
    for (let left = 40; ; left--) {
      try {
        return await database.query(query, values);
      } catch (error) {
        const isAway = /ECONNREFUSED|terminat|starting up|shutting down|Connection|ECONNRESET/.test(String(error));
        if (!isAway || left === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }
}

const row: Omit<EarningsRow, 'owner'> = {
  isrc: 'DKABC2500001',
  upc: '4006381333931',
  artist: 'Ada',
  label: 'Polar Records',
  store: 'Spotify',
  country: 'DK',
  usageType: 'stream',
  salesMonth: '202507',
  quantity: 10,
  amount: '1.5',
};

async function writeParquet(
  folder: string,
  path: string,
  rows: readonly EarningsRow[],
  currency: string,
): Promise<void> {
  await withDuckDb(folder, {}, async (database) => {
    const columns = Object.entries(earningsFileColumns);
    await database.run(`CREATE TABLE texts (${columns.map(([name]) => `${name} VARCHAR`).join(', ')})`);
    await database.append(
      'texts',
      rows.map(({ quantity, ...texts }) => {
        const count = (isOne: boolean) => (isOne ? `${quantity}` : '0');
        const values: Record<string, string> = {
          ...texts,
          streams: count(texts.usageType === 'stream'),
          downloads: count(texts.usageType === 'download'),
          units: count(!['stream', 'download'].includes(texts.usageType)),
          amount: multiply(texts.amount, '1'),
          currency,
        };
        return columns.map(([name]) => values[name]!);
      }),
    );
    const cast = columns.map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`);
    await database.run(`
      COPY (SELECT ${cast.join(', ')} FROM texts) TO ${literal(path)} (FORMAT parquet)`);
  });
}
