import { readFileSync, writeFileSync } from 'node:fs';
import { type Api, openTenant, type Platform, startProduct, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';

let platform: Platform;
let tenant: TestTenant;
let database: DataSource;

const path = '/accounting/transactions.csv';
const header = '\uFEFFId,Type,Date,Title,Amount,Currency,Status,User,E-mail,Memo\r\n';

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  database = await new DataSource({ type: 'postgres', url: platform.ownerDatabaseUrl('accounting') }).initialize();
  tenant = await openTenant(platform);
}, 60_000);

afterAll(async () => {
  await database?.destroy();
  await platform?.stop();
}, 30_000);

const entered = async (route: string, body: object): Promise<number> => {
  const { status, json, text } = await tenant.admin.post(route, body);
  if (status !== 201) throw new Error(`${route}: ${status} ${text}`);
  return (json as { id: number }).id;
};

/** The lines below the header. */
const linesOf = async (query = '', { admin }: { admin: Api } = tenant): Promise<string[]> => {
  const { status, text } = await admin.get(path + query);
  expect([status, text.slice(0, header.length)]).toEqual([200, header]);
  return text.slice(header.length).split('\r\n').slice(0, -1);
};

describe('transactions.csv', () => {
  let lines: Record<'revenue' | 'payment' | 'expense', string>;

  beforeAll(async () => {
    const { memberId: userId } = tenant;
    const { email } = (await tenant.admin.get(`/user/${userId}`)).json as { email: string };
    const revenue = { amount: '12.3456789', transactionDate: '2025-08-31', title: '=SUM(A1)', memo: 'a;"b",\nc' };
    const payment = { userId, amount: '20', transactionDate: '2025-09-01', advance: true };
    const expense = { amount: '5.5', transactionDate: '2025-09-02', title: 'Studio', type: 'artist' };
    lines = {
      revenue: `${await entered('/revenue', revenue)},revenue,2025-08-31,'=SUM(A1),12.3456789,EUR,booked,,,"a;""b"",\nc"`,
      payment: `${await entered('/payment', payment)},payment,2025-09-01,Payment,20,EUR,voided,Mia Member,${email},`,
      expense: `${await entered('/expense', { ...expense, recoupable: true, userId })},expense,2025-09-02,Studio,5.5,EUR,booked,Mia Member,${email},`,
    };
    await tenant.admin.post(`/payment/${lines.payment.split(',')[0]}/void`, { reason: 'Sent twice' });
  });

  it('has all transactions, the newest first, with every digit', async () => {
    expect(await linesOf()).toEqual([lines.expense, lines.payment, lines.revenue]);
  });

  it('is a file to be saved', async () => {
    const { headers } = await tenant.admin.get(path);
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename="transactions.csv"',
    ]);
  });

  it.each<[string, (keyof typeof lines)[]]>([
    ['?start=2025-09-01', ['expense', 'payment']],
    ['?end=2025-09-01', ['payment', 'revenue']],
    ['?start=2025-09-01&end=2025-09-01', ['payment']],
    ['?type=revenue', ['revenue']],
    ['?type=paymentRequest', []],
  ])('has those of the list for %s', async (query, wanted) => {
    expect(await linesOf(query)).toEqual(wanted.map((name) => lines[name]));
  });

  it('has those of one user', async () => {
    expect(await linesOf(`?userId=${tenant.memberId}`)).toEqual([lines.expense, lines.payment]);
  });

  it('names what is wrong with a filter', async () => {
    const refused = ['?start=2025-02-30', '?type=gift', '?page=2', '?start=2025-09-02&end=2025-09-01', '?userId=7'];
    const answers = await Promise.all(refused.map((query) => tenant.admin.get(path + query)));
    expect(
      answers.map(({ status, json }) => [status, (json as { details: [{ field: string }] }).details[0].field]),
    ).toEqual([
      [400, 'start'],
      [400, 'type'],
      [400, 'page'],
      [400, 'end'],
      [400, 'userId'],
    ]);
  });

  it('is for admins, each of their own tenant', async () => {
    expect((await tenant.member.get(path)).status).toBe(403);
    expect((await fetch(platform.url + path)).status).toBe(401);
    expect(await linesOf('', await openTenant(platform))).toEqual([]);
  });
});

describe('transactions.csv of a large tenant', () => {
  const count = 400_000;
  /** No two are alike; some days have many of them, and texts have more bytes than letters. */
  const enter = (tenantId: number) =>
    database.query(
      `INSERT INTO entry (tenant_id, type, status, amount, currency, transaction_date, title, memo, created_at)
       SELECT $1, 'revenue', 'booked', number, 'EUR', date '2025-01-01' + (number % 300)::integer, 'Sync "' || number || '"',
              repeat('ÆØÅ "=', 100), now()
       FROM generate_series(1, $2::bigint) AS number`,
      [tenantId, count],
    );

  let large: TestTenant;

  beforeAll(async () => {
    large = await openTenant(platform);
    await enter(large.id);
    await database.query('ANALYZE entry'); // as PostgreSQL does by itself before long
  }, 60_000);

  const status = (app: string) => readFileSync(`/proc/${platform.pid(app)}/status`, 'utf8');
  /** The most memory that an app has had since `forget`, in MiB. */
  const peakOf = (app: string) => Number(/VmHWM:\s+(\d+)/.exec(status(app))![1]) / 1024;
  const forget = (app: string) => writeFileSync(`/proc/${platform.pid(app)}/clear_refs`, '5');

  it('has every transaction once and in order, and little of it in memory', async () => {
    const apps = ['gateway', 'accounting'];
    await large.admin.get(`${path}?end=2025-01-03`); // what is needed once and for all
    apps.forEach(forget);
    const before = apps.map(peakOf);
    const response = await fetch(platform.url + path, { headers: { authorization: large.admin.authorization } });
    let [bytes, lines, sum, last, rest] = [0, 0, 0n, '9999-99-99 9999999999', ''];
    const decoder = new TextDecoder();
    for await (const part of response.body!) {
      bytes += part.length;
      const found = (rest + decoder.decode(part, { stream: true })).split('\r\n');
      rest = found.pop()!;
      for (const line of found) {
        lines++;
        if (lines === 1) continue; // the header
        const [id, , date] = line.split(',', 3) as [string, string, string];
        sum += BigInt(/,(\d+),EUR,/.exec(line)![1]!);
        const place = `${date} ${id.padStart(10, '0')}`;
        if (place >= last) throw new Error(`${place} comes after ${last}`);
        last = place;
      }
    }
    const grown = apps.map((app, at) => peakOf(app) - before[at]!);
    expect(lines - 1).toBe(count);
    expect([sum, rest]).toEqual([(BigInt(count) * BigInt(count + 1)) / 2n, '']);
    expect(bytes).toBeGreaterThan(400 * 2 ** 20);
    expect(grown.filter((mebibytes) => mebibytes > 300)).toEqual([]);
  });

  it('waits for a caller who reads slowly, and is not held for one who has left', async () => {
    forget('gateway');
    const before = peakOf('gateway');
    const leaving = new AbortController();
    const response = await fetch(platform.url + path, {
      headers: { authorization: large.admin.authorization },
      signal: leaving.signal,
    });
    const reader = response.body!.getReader();
    await reader.read();
    await large.admin.get('/accounting/transactions/monthly'); // the gateway goes on meanwhile
    expect(peakOf('gateway') - before).toBeLessThan(150);
    leaving.abort();
    await expect(reader.read()).rejects.toThrow('aborted');
    expect((await large.admin.get('/accounting/transactions')).status).toBe(200);
  });

  it('breaks off, rather than end, when the service dies under it', async () => {
    const response = await fetch(platform.url + path, { headers: { authorization: large.admin.authorization } });
    const reader = response.body!.getReader();
    await reader.read();
    await platform.kill('accounting');
    const readAll = async () => {
      while (!(await reader.read()).done);
    };
    await expect(readAll()).rejects.toThrow('terminated');
    await platform.restart('accounting');
  });
});
