// A tenant as large as one likes, in the tables of a product that runs: users, splits, and earnings as royalties publishes
// them.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { earningsFileColumns } from '@countinghouse/contracts';
import { Client } from 'pg';
import { withDuckDb } from '../../packages/duckdb/dist/index.js';

export const connect = async (platform, service) => {
  const client = new Client(platform.superuserDatabaseUrl(service));
  // When the product stops with a bench that failed, that failure is what is to be seen.
  client.on('error', () => {});
  await client.connect();
  return client;
};

let lastEarnings = 0;

export class World {
  constructor(platform, { tenantId, users, tracks, splits, lines }) {
    Object.assign(this, { platform, tenantId, users, tracks, splits, lines });
  }

  static async make(platform, size) {
    const login = await call(platform, 'POST', '/auth/login', {
      email: platform.adminEmail,
      password: platform.adminPassword,
    });
    const admin = {
      email: `${randomUUID()}@bench.example`,
      password: 'a-bench-password',
      firstName: 'A',
      lastName: 'B',
    };
    const tenant = { name: 'Bench', currency: 'EUR', timeZone: 'UTC', admin };
    const { id: tenantId } = await call(platform, 'POST', '/tenant', tenant, login.access_token);
    const world = new World(platform, { ...size, tenantId });
    const { email, password } = admin;
    world.token = (await call(platform, 'POST', '/auth/login', { email, password })).access_token;
    world.accounting = await connect(platform, 'accounting');
    world.royalties = await connect(platform, 'royalties');
    // The tenant's currency and time zone are heard of, or asked for.
    await world.call('GET', '/accounting/gettotaldue');
    await world.accounting.query(
      `INSERT INTO known_user (tenant_id, id, email, first_name, last_name, search_text, roles, deleted, version)
       SELECT $1, ${user('number')}, number || '@bench.example', 'User', number, 'user', '{member}', false, 1
       FROM generate_series(0, $2 - 1) AS number`,
      [tenantId, size.users],
    );
    return world;
  }

  /** A split of each so-many-th track, each among two users; the others are their owners'. */
  async makeSplits() {
    const { tenantId, users, tracks, splits } = this;
    await this.accounting.query(
      `WITH made AS (
         INSERT INTO split (tenant_id, name, isrc, isrc_key, conditions, active, created_at, updated_at)
         SELECT $1, 'split ' || number, ${isrc('number')}, ${isrc('number')}, '[]', true, now(), now()
         FROM generate_series(0, $3 - 1, ($3 / $4)::integer) AS number
         RETURNING id
       ),
       numbered AS (SELECT id, row_number() OVER (ORDER BY id)::integer AS number FROM made)
       INSERT INTO split_share (tenant_id, split_id, user_id, position, share)
       SELECT $1, id, user_id, position, share
       FROM numbered, LATERAL (VALUES (${user('number % $2')}, 1, 60), (${user('(number + 1) % $2')}, 2, 40))
         AS shares (user_id, position, share)`,
      [tenantId, users, tracks, splits],
    );
    await this.accounting.query(
      `INSERT INTO split_revision (tenant_id, revision) VALUES ($1, 1)
       ON CONFLICT (tenant_id) DO UPDATE SET revision = split_revision.revision + 1`,
      [tenantId],
    );
  }

  /** Stores an earnings file. Answers what tells of it. */
  async storeEarnings() {
    const { platform, tenantId, users, tracks, lines } = this;
    const id = ++lastEarnings;
    const storageKey = `${tenantId}/statements/${id}/earnings.parquet`;
    const path = join(platform.home, 'objects', storageKey);
    mkdirSync(join(path, '..'), { recursive: true });
    const columns = Object.entries(earningsFileColumns).map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`);
    const workDir = join(platform.home, 'work', 'bench');
    mkdirSync(workDir, { recursive: true });
    const { amount } = await withDuckDb(workDir, { memoryMiB: 1024 }, async (database) => {
      // Every line is another combination: lines / tracks places of each track, spread by a prime.
      await database.run(`
        CREATE TABLE earnings AS
          SELECT ${user(`track % ${users}`)} AS owner, ${isrc('track')} AS isrc,
            lpad(CAST(4000000000000 + track // 4 AS VARCHAR), 13, '0') AS upc, 'Artist ' || track // 7 AS artist,
            'Label ' || track % ${Math.min(users, 500)} AS label, 'Store ' || place % 10 AS store,
            chr(CAST(65 + place // 10 % 25 AS INTEGER)) || 'X' AS country,
            if(place // 250 % 4 = 3, 'download', 'stream') AS usageType,
            CAST(202506 + place // 1000 % 3 AS VARCHAR) AS salesMonth, 1 + line * 7919 % 500 AS quantity,
            CAST(line * 104729 % 40000000 + 1 AS DECIMAL(38, 10)) * 0.0000000001 AS amount
          FROM (
            SELECT line, line % ${tracks} AS track, (line // ${tracks} * 7919 + line % ${tracks} * 31) % 3000 AS place
            FROM range(${lines}) AS lines (line)
          )
          ORDER BY ALL`);
      await database.run(`
        COPY (SELECT ${columns.join(', ')} FROM (
          SELECT * EXCLUDE quantity, if(usageType = 'stream', quantity, 0) AS streams,
            if(usageType = 'download', quantity, 0) AS downloads, 0 AS units, 'EUR' AS currency FROM earnings
        )) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)`);
      return database.row(`SELECT CAST(sum(CAST(amount AS DECIMAL(38, 10))) AS VARCHAR) AS amount FROM earnings`);
    });
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    return {
      earningsId: id,
      statementId: id,
      distributor: 'KONTOR',
      reportingMonth: '202508',
      currency: 'EUR',
      storageKey,
      sha256,
      rows: lines,
      amount,
    };
  }

  /** Publishes earnings. Answers the milliseconds from when accounting has heard of them until they are in every figure. */
  async publish(earnings) {
    await this.royalties.query(`INSERT INTO outbox (tenant_id, subject, body) VALUES ($1, $2, $3)`, [
      this.tenantId,
      'royalties.earnings.published',
      JSON.stringify(earnings),
    ]);
    const heard = `SELECT FROM earnings WHERE tenant_id = $1 AND id = $2`;
    // Royalties' own transaction would have woken its relay; this one waits for the next look at the outbox.
    await this.until(heard, [earnings.earningsId]);
    const start = performance.now();
    await this.until(`${heard} AND booked_at IS NOT NULL`, [earnings.earningsId]);
    return performance.now() - start;
  }

  /** Gives all of a split to another user. Answers the milliseconds from the call until it is in every figure. */
  async changeSplit(at) {
    const { rows } = await this.accounting.query(
      `SELECT id, isrc FROM split WHERE tenant_id = $1 ORDER BY id LIMIT 1 OFFSET $2`,
      [this.tenantId, at % this.splits],
    );
    const shares = [{ userId: userId(at % this.users), share: '100' }];
    const start = performance.now();
    await this.call('PUT', `/split/${rows[0].id}`, { name: 'changed', scope: { isrc: rows[0].isrc }, shares });
    await this.until(
      `SELECT FROM book_state JOIN split_revision USING (tenant_id)
       WHERE tenant_id = $1 AND split_revision.revision = book_state.split_revision`,
    );
    return performance.now() - start;
  }

  /** Recalculates everybody. Answers the milliseconds that the job took. */
  async recalculate() {
    const { jobId } = await this.call('POST', '/accounting/tenant/recalculate', {});
    for (;;) {
      const { state, error, timestamps } = await this.call('GET', `/accounting/queue/status?jobId=${jobId}`);
      if (state === 'completed') return timestamps.finished - timestamps.processed;
      if (state === 'failed') throw new Error(error);
      await delay(50);
    }
  }

  call(method, path, body) {
    return call(this.platform, method, path, body, this.token);
  }

  async until(query, values = []) {
    while ((await this.accounting.query(query, [this.tenantId, ...values])).rowCount === 0) await delay(5);
  }

  async close() {
    await Promise.all([this.accounting.end(), this.royalties.end()]);
  }
}

const user = (number) => `CAST('00000000-0000-4000-8000-' || lpad(CAST(${number} AS VARCHAR), 12, '0') AS UUID)`;
const userId = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const isrc = (number) => `'DEA12' || lpad(CAST(${number} AS VARCHAR), 7, '0')`;

async function call({ url }, method, path, body, token) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}
