import { randomUUID } from 'node:crypto';
import { contractCreate, type UserReport, userReportCurrent } from '@countinghouse/client';
import { eventually, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Accounting } from './accounting.js';
import { type Answer, type Api, openMember, openTenant, type StatementView, type TestTenant } from './api.js';
import { type KontorLine, kontorFile, lastMonth, nextUpload } from './kontor-file.js';
import { sumOf } from './model.js';
import { csvRows, type FileName, fileTexts } from './report-files.js';
import { jobsEnded, openRoyaltiesDatabase } from './royalties-database.js';

let platform: Platform;
let database: DataSource;
let accounting: Accounting;
let tenant: TestTenant;
let stranger: TestTenant;
let other: { api: Api; id: string };
let payments = 0;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [database, accounting] = await Promise.all([openRoyaltiesDatabase(platform), Accounting.at(platform)]);
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
  other = await openMember(platform.url, tenant.admin);
  for (const [userId, match] of [
    [tenant.memberId, 'Polar Records'],
    [other.id, 'Other Records'],
  ] as const) {
    const body = { userId, match, scope: 'label', sharePercent: '50' } as const;
    await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
  }
}, 60_000);

afterAll(async () => {
  await accounting?.close();
  await database?.destroy();
  await platform?.stop();
}, 30_000);

/** One line of Mia's, of the given net. */
const file = (...nets: string[]) => kontorFile(nets.map((royalties) => ({ royalties, units: '2' })));

const voiding = (id: number, reason: unknown = 'wrong file') =>
  tenant.admin.post(`/royalties/statements/${id}/void`, { reason });
const cancelling = (id: number, reason: unknown = 'not hers') =>
  tenant.admin.post(`/royalties/reports/${id}/cancel`, { reason });
const messageOf = ({ json }: Answer) => (json as { message: string }).message;
const statement = async (id: number) => (await tenant.admin.get(`/royalties/statements/${id}`)).json as StatementView;

/** The caller's reports of a month, the oldest first. */
const reportsOf = async (api: Api, month = lastMonth()): Promise<UserReport[]> => {
  const query = { distributor: 'KONTOR' };
  const { data } = await userReportCurrent({ client: api.client, query, throwOnError: true });
  return data.filter(({ reportingMonth }) => reportingMonth === month).toReversed();
};

const totalsOf = async (api: Api = tenant.member, month = lastMonth()): Promise<number[]> =>
  (await reportsOf(api, month)).map(({ totalRoyalties }) => totalRoyalties);

const onlyReport = async (): Promise<UserReport> => {
  const reports = await reportsOf(tenant.member);
  expect(reports).toHaveLength(1);
  return reports[0]!;
};

/** Pays Mia's reports and waits until they know. */
const pay = async (...reportIds: number[]): Promise<number> => {
  await accounting.paid(tenant.id, ++payments, tenant.memberId, reportIds);
  await eventually(async () => {
    const reports = (await reportsOf(tenant.member)).filter(({ id }) => reportIds.includes(id));
    expect(reports.map(({ debitState }) => debitState)).toEqual(reportIds.map(() => 'PAID'));
  });
  return payments;
};

const takePaymentBack = async (payment: number, ...reportIds: number[]) => {
  await accounting.voided(tenant.id, payment, tenant.memberId, reportIds);
  await eventually(async () => {
    const reports = (await reportsOf(tenant.member)).filter(({ id }) => reportIds.includes(id));
    expect(reports.map(({ debitState, paidOn }) => [debitState, paidOn])).toEqual(
      reportIds.map(() => ['PENDING', null]),
    );
  });
};

/** The report's six files, once they are those of its total; in each of them the amounts sum up to it. */
const filesOf = async (report: UserReport, api = tenant.member): Promise<Record<FileName, string>> => {
  await jobsEnded(database, tenant.id);
  const files = await fileTexts(api, report.id);
  const sums = Object.values(files).map((text) => csvRows(text).map((row) => [row['Royalties']!, row['Quantity']!]));
  for (const rows of sums) {
    expect(Number(sumOf(rows.map(([royalties]) => royalties!)))).toBe(report.totalRoyalties);
    expect(sumOf(rows.map(([, quantity]) => quantity!))).toBe(sumOf(sums[0]!.map(([, quantity]) => quantity!)));
  }
  return files;
};

const rowsOf = async (report: UserReport) =>
  csvRows((await filesOf(report)).full).map((row) => [row['Royalties'], row['Quantity']]);

describe('a void', () => {
  it('takes a statement back from its reports and from suspense, which keep nothing of it', async () => {
    const query = nextUpload();
    const lines = kontorFile([{ royalties: '3' }, { label: 'Owned late', royalties: '5' }]);
    const { id } = await tenant.admin.uploaded(query, lines);
    const before = await onlyReport();
    const { status, json } = await voiding(id, 'The distributor sent it twice');
    expect([status, json]).toMatchObject([
      200,
      { id, state: 'voided', voidReason: 'The distributor sent it twice', voidedAt: expect.any(String), net: 8 },
    ]);
    expect((await statement(id)) as object).toEqual(json);
    const after = await onlyReport();
    expect(after).toMatchObject({ id: before.id, debitState: 'PENDING', totalRoyalties: 0 });
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    const files = await filesOf(after);
    expect(Object.values(files).map((text) => csvRows(text))).toEqual(Array(6).fill([]));
    expect((await tenant.admin.get(`/royalties/statements/${id}/unmatched`)).json).toEqual([]);

    const body = { userId: tenant.memberId, match: 'Owned late', scope: 'label', sharePercent: '50' } as const;
    await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
    await jobsEnded(database, tenant.id);
    expect(await totalsOf()).toEqual([0]);
    expect((await tenant.admin.get(`/royalties/statements/${id}`)).json).toEqual(json);

    const again = await tenant.admin.uploaded(query, lines);
    expect(again).toMatchObject({ state: 'completed', lines: { accepted: 2 } });
    expect(again.id).not.toBe(id);
    expect(await totalsOf()).toEqual([4]);
  });

  it('takes back what was matched late, too, and leaves other statements as they are', async () => {
    const query = nextUpload();
    const label = `Late ${lastMonth()}`;
    const { id } = await tenant.admin.uploaded(query, kontorFile([{ royalties: '3' }, { label, royalties: '5' }]));
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('0,02'));
    const body = { userId: tenant.memberId, match: label, scope: 'label', sharePercent: '50' } as const;
    await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
    await jobsEnded(database, tenant.id);
    expect(await totalsOf()).toEqual([4.01]);
    expect((await voiding(id)).status).toBe(200);
    expect(await totalsOf()).toEqual([0.01]);
    expect(await rowsOf(await onlyReport())).toEqual([['0.01', '2']]);
  });

  it('of a paid report’s statement goes into a further report, which says what it adjusts', async () => {
    const query = nextUpload();
    const { id } = await tenant.admin.uploaded(query, file('3', '-1'));
    const paid = await onlyReport();
    await pay(paid.id);
    const [frozen, before] = [await onlyReport(), await filesOf(paid)];
    expect((await voiding(id)).status).toBe(200);

    const [first, further] = await reportsOf(tenant.member);
    expect(first).toStrictEqual(frozen);
    expect(further).toMatchObject({ totalRoyalties: -1, debitState: 'PENDING', paidOn: null, adjusts: paid.id });
    expect(await rowsOf(further!)).toEqual([
      ['-1.5', '-2'],
      ['0.5', '-2'],
    ]);
    expect(await filesOf(first!)).toEqual(before);

    await tenant.admin.uploaded(query, file('3'));
    expect(await totalsOf()).toEqual([1, 0.5]);
    expect(await rowsOf((await reportsOf(tenant.member))[1]!)).toEqual([
      ['-1.5', '-2'],
      ['0.5', '-2'],
      ['1.5', '2'],
    ]);
  });

  it('of a statement that has just come ends the work on it', async () => {
    const many = kontorFile(Array.from({ length: 20_000 }, (_, at) => ({ royalties: `0,${at + 1}` })));
    for (const wait of [0, 150, 300, 450]) {
      const query = nextUpload();
      const { json } = await tenant.admin.upload(query, many);
      const { id } = json as StatementView;
      await new Promise((resolve) => setTimeout(resolve, wait));
      expect((await voiding(id)).json).toMatchObject({ state: 'voided' });
      await jobsEnded(database, tenant.id);
      expect(await statement(id)).toMatchObject({ state: 'voided', error: null });
      expect([[], [0]]).toContainEqual(await totalsOf());
      const jobs = await database.query(
        `SELECT DISTINCT state, failures FROM job WHERE tenant_id = $1 AND name = 'statement' AND subject = $2`,
        [tenant.id, `${id}`],
      );
      expect(jobs).toEqual([{ state: 'completed', failures: 0 }]);
    }
  });

  it('is refused when there is nothing to take back', async () => {
    const query = nextUpload();
    const failed = await tenant.admin.uploaded(query, file('1.234'));
    const { id } = await tenant.admin.uploaded(query, file('1'));
    await voiding(id, 'first reason');
    const answers = [await voiding(failed.id), await voiding(id)];
    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    expect(answers.map(messageOf)).toEqual([
      `Statement ${failed.id} failed and had no effect, so there is nothing to take back`,
      `Statement ${id} is voided already: first reason`,
    ]);
    expect(await totalsOf()).toEqual([0]);
  });

  it('with an idempotency key is answered once', async () => {
    const { id } = await tenant.admin.uploaded(nextUpload(), file('1'));
    const headers = { 'idempotency-key': randomUUID() };
    const again = () => tenant.admin.post(`/royalties/statements/${id}/void`, { reason: 'x' }, headers);
    const answers = [await again(), await again()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]!.text).toBe(answers[0]!.text);
    expect(answers[1]!.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is the admin’s of the tenant, and needs a reason', async () => {
    const { id } = await tenant.admin.uploaded(nextUpload(), file('1'));
    const path = `/royalties/statements/${id}/void`;
    expect((await tenant.member.post(path, { reason: 'x' })).status).toBe(403);
    expect((await stranger.admin.post(path, { reason: 'x' })).status).toBe(404);
    expect((await voiding(999_999)).status).toBe(404);
    for (const [body, field] of [
      [{}, 'reason'],
      [{ reason: '' }, 'reason'],
      [{ reason: 7 }, 'reason'],
      [{ reason: 'x'.repeat(1001) }, 'reason'],
      [{ reason: 'x', id: 1 }, 'id'],
    ] as const) {
      expect(await tenant.admin.post(path, body)).toMatchObject({ status: 400, json: { details: [{ field }] } });
    }
    expect((await statement(id)).state).toBe('completed');
  });
});

describe('a further file for a month', () => {
  it('is refused without a mode, with the statements that are there and what could be done', async () => {
    const query = nextUpload();
    const first = await tenant.admin.uploaded(query, file('1'));
    const refused = await tenant.admin.upload(query, file('2'));
    expect([refused.status, messageOf(refused)]).toEqual([
      409,
      `Statement ${first.id} is here already for KONTOR ${lastMonth()}, with other content: upload this file with mode=supplement to add it to what is there, or with mode=replace to put it in its place`,
    ]);
    const second = await tenant.admin.uploaded(`${query}&mode=supplement`, file('2'));
    expect(messageOf(await tenant.admin.upload(query, file('3')))).toContain(
      `Statements ${first.id}, ${second.id} are here already`,
    );
    expect((await tenant.admin.upload(`${query}&mode=add`, file('3'))).json).toMatchObject({
      statusCode: 400,
      details: [{ field: 'mode' }],
    });
  });

  it('with mode=supplement adds its lines', async () => {
    const query = nextUpload();
    const first = await tenant.admin.uploaded(query, file('1'));
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('2', '0,02'));
    expect(await totalsOf()).toEqual([1.51]);
    expect(await rowsOf(await onlyReport())).toEqual([
      ['0.5', '2'],
      ['1', '2'],
      ['0.01', '2'],
    ]);
    expect((await statement(first.id)).state).toBe('completed');
  });

  it('with mode=replace takes the place of everything that is there', async () => {
    const query = nextUpload();
    const old = [
      await tenant.admin.uploaded(query, kontorFile([{ royalties: '1' }, { label: 'Other Records', royalties: '8' }])),
      await tenant.admin.uploaded(`${query}&mode=supplement`, file('2')),
    ];
    const replacement = await tenant.admin.uploaded(`${query}&mode=replace`, file('6'));
    expect(replacement.state).toBe('completed');
    for (const { id } of old) {
      expect(await statement(id)).toMatchObject({
        state: 'voided',
        voidReason: `Replaced by statement ${replacement.id}`,
      });
    }
    expect([await totalsOf(), await totalsOf(other.api)]).toEqual([[3], [0]]);
    expect(await rowsOf(await onlyReport())).toEqual([['3', '2']]);
    expect(csvRows((await filesOf((await reportsOf(other.api))[0]!, other.api)).full)).toEqual([]);
  });

  it('with mode=replace leaves what is there when it fails', async () => {
    const query = nextUpload();
    const { id } = await tenant.admin.uploaded(query, file('1'));
    const failed = await tenant.admin.uploaded(`${query}&mode=replace`, file('1.234'));
    expect(failed.state).toBe('failed');
    expect((await statement(id)).state).toBe('completed');
    expect(await totalsOf()).toEqual([0.5]);
  });

  it('with mode=replace is one step for readers: a paid month is adjusted once', async () => {
    const query = nextUpload();
    await tenant.admin.uploaded(query, file('4'));
    const paid = await onlyReport();
    await pay(paid.id);
    await tenant.admin.uploaded(`${query}&mode=replace`, file('10'));
    const [, further] = await reportsOf(tenant.member);
    expect(further).toMatchObject({ totalRoyalties: 3, adjusts: paid.id });
    expect(await rowsOf(further!)).toEqual([
      ['-2', '-2'],
      ['5', '2'],
    ]);
  });

  it('of the same bytes as one that is there is that one, whatever the mode', async () => {
    const query = nextUpload();
    const { id } = await tenant.admin.uploaded(query, file('1'));
    const other = await tenant.admin.uploaded(`${query}&mode=supplement`, file('2'));
    for (const mode of ['', '&mode=supplement', '&mode=replace']) {
      const { status, json } = await tenant.admin.upload(query + mode, file('1'));
      expect([status, json]).toMatchObject([200, { id, duplicate: true, state: 'completed' }]);
    }
    expect((await statement(other.id)).state).toBe('completed');
    expect(await totalsOf()).toEqual([1.5]);
  });

  it('may say a mode when it is the first', async () => {
    for (const mode of ['supplement', 'replace']) {
      const { state } = await tenant.admin.uploaded(`${nextUpload()}&mode=${mode}`, file('1'));
      expect([state, await totalsOf()]).toEqual(['completed', [0.5]]);
    }
  });
});

describe('a declared total', () => {
  const lines: KontorLine[] = [{ royalties: '1,25' }, { royalties: '-0,05' }, { label: 'Nobody’s', royalties: '3,1' }];

  it.each(['4.3', '4.300', '4.300000000000000'])(
    'of %s is what accepted and unmatched lines must sum up to',
    async (total) => {
      const { state } = await tenant.admin.uploaded(`${nextUpload()}&declaredTotal=${total}`, kontorFile(lines));
      expect(state).toBe('completed');
    },
  );

  it.each(['4.31', '4.300000000000001', '-4.3', '0'])('of %s fails a statement that sums up to 4.3', async (total) => {
    const { state, error } = await tenant.admin.uploaded(`${nextUpload()}&declaredTotal=${total}`, kontorFile(lines));
    expect([state, error]).toEqual([
      'failed',
      expect.stringContaining(`sum up to 4.3 EUR, but declaredTotal is ${total}`),
    ]);
    expect(await totalsOf()).toEqual([]);
  });

  it.each(['', '4,3', '1e3', '4.3000000000000001', 'all'])('cannot be "%s"', async (total) => {
    const answer = await tenant.admin.upload(`${nextUpload()}&declaredTotal=${total}`, kontorFile(lines));
    expect([answer.status, answer.json]).toMatchObject([400, { details: [{ field: 'declaredTotal' }] }]);
  });
});

describe('a cancelled report', () => {
  it('stays as it is; what comes later for its month goes into a further one', async () => {
    const query = nextUpload();
    const { id } = await tenant.admin.uploaded(query, file('1'));
    const report = await onlyReport();
    const { status, json } = await cancelling(report.id, 'Assigned to the wrong artist');
    expect([status, json]).toEqual([200, { ...report, debitState: 'CANCELLED', updatedAt: expect.any(String) }]);
    const cancelled = await onlyReport();
    expect(cancelled).toEqual(json);
    expect(await statement(id)).toMatchObject({ state: 'completed', royalties: 0.5 });

    await tenant.admin.uploaded(`${query}&mode=supplement`, file('2'));
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('4'));
    const [first, further] = await reportsOf(tenant.member);
    expect(first).toStrictEqual(cancelled);
    expect(further).toMatchObject({ totalRoyalties: 3, debitState: 'PENDING', adjusts: report.id });

    expect((await cancelling(further!.id)).status).toBe(200);
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('8'));
    const third = (await reportsOf(tenant.member))[2];
    expect(third).toMatchObject({ totalRoyalties: 4, debitState: 'PENDING', adjusts: report.id });
  });

  it('cannot be cancelled again, nor can a paid one', async () => {
    await tenant.admin.uploaded(nextUpload(), file('1'));
    const { id } = await onlyReport();
    const payment = await pay(id);
    const whilePaid = await cancelling(id);
    expect([whilePaid.status, messageOf(whilePaid)]).toEqual([
      409,
      `Report ${id} is paid; void its payment before you cancel it`,
    ]);
    await takePaymentBack(payment, id);
    expect((await cancelling(id)).status).toBe(200);
    const again = await cancelling(id);
    expect([again.status, messageOf(again)]).toEqual([409, `Report ${id} is cancelled already`]);
  });

  it('is not paid by a payment that comes afterwards', async () => {
    await tenant.admin.uploaded(nextUpload(), file('1'));
    const { id } = await onlyReport();
    await cancelling(id);
    const cancelled = await onlyReport();
    const facts = await accounting.paid(tenant.id, ++payments, tenant.memberId, [id]);
    await factApplied(facts.id);
    expect(await onlyReport()).toEqual(cancelled);
  });

  it('is the admin’s of the tenant to make, and needs a reason', async () => {
    await tenant.admin.uploaded(nextUpload(), file('1'));
    const { id } = await onlyReport();
    const path = `/royalties/reports/${id}/cancel`;
    expect((await tenant.member.post(path, { reason: 'x' })).status).toBe(403);
    expect(await stranger.admin.post(path, { reason: 'x' })).toMatchObject({
      status: 404,
      json: { message: 'Report not found' },
    });
    for (const [where, field] of [
      [tenant.admin.post(path, {}), 'reason'],
      [tenant.admin.post(path, { reason: '' }), 'reason'],
      [tenant.admin.post(path, { reason: 'x', id: 1 }), 'id'],
      [tenant.admin.post('/royalties/reports/x/cancel', { reason: 'x' }), 'id'],
    ] as const) {
      expect(await where).toMatchObject({ status: 400, json: { details: [{ field }] } });
    }
    expect(await onlyReport()).toMatchObject({ debitState: 'PENDING' });
  });
});

const factApplied = (factId: string) =>
  eventually(async () => {
    const applied = await database.query('SELECT 1 FROM inbox WHERE tenant_id = $1 AND fact_id = $2', [
      tenant.id,
      factId,
    ]);
    expect(applied).toHaveLength(1);
  });

describe('a payment', () => {
  it('pays the reports of its user that it names, and when it is voided they are open again', async () => {
    await tenant.admin.uploaded(
      nextUpload(),
      kontorFile([{ royalties: '1' }, { label: 'Other Records', royalties: '8' }]),
    );
    const report = await onlyReport();
    const [others] = await reportsOf(other.api);
    const paidAt = '2025-11-08T21:45:40.628Z';
    const first = await accounting.paid(
      tenant.id,
      ++payments,
      tenant.memberId,
      [report.id, others!.id, 999_999],
      paidAt,
    );
    await factApplied(first.id);
    expect(await onlyReport()).toEqual({
      ...report,
      debitState: 'PAID',
      paidOn: paidAt,
      updatedAt: expect.any(String),
    });
    expect(await reportsOf(other.api)).toEqual([others]);
    await takePaymentBack(payments, report.id);
    expect(await onlyReport()).toEqual({ ...report, updatedAt: expect.any(String) });
  });

  it('that stands pays its report, in whatever order the facts come', async () => {
    const [first, second] = [++payments, ++payments];
    const times = ['2025-01-01T00:00:00.000Z', '2025-02-02T00:00:00.000Z'];
    const pays = (which: number) => (userId: string, report: number) =>
      accounting.paid(tenant.id, which === 0 ? first : second, userId, [report], times[which]);
    const voids = (userId: string, report: number) => accounting.voided(tenant.id, first, userId, [report]);
    const happened = [pays(0), voids, pays(1)];
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      await database.query('DELETE FROM payment WHERE tenant_id = $1 AND id IN ($2, $3)', [tenant.id, first, second]);
      await tenant.admin.uploaded(nextUpload(), file('1'));
      const { id } = await onlyReport();
      for (const at of order) await factApplied((await happened[at]!(tenant.memberId, id)).id);
      expect([order, await onlyReport()]).toMatchObject([order, { debitState: 'PAID', paidOn: times[1] }]);
    }
  });

  it('that is told twice changes nothing', async () => {
    await tenant.admin.uploaded(nextUpload(), file('1'));
    const { id } = await onlyReport();
    await pay(id);
    const paid = await onlyReport();
    const { paidOn } = paid;
    const again = await accounting.paid(tenant.id, payments, tenant.memberId, [id], paidOn as string);
    await factApplied(again.id);
    expect(await onlyReport()).toEqual(paid);
  });

  it('that is voided leaves two pending reports of a month; the one that adjusts goes on taking lines', async () => {
    const query = nextUpload();
    await tenant.admin.uploaded(query, file('1'));
    const first = await onlyReport();
    const payment = await pay(first.id);
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('2'));
    await takePaymentBack(payment, first.id);
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('4'));
    expect(await totalsOf()).toEqual([0.5, 3]);

    const [, further] = await reportsOf(tenant.member);
    await pay(further!.id);
    await tenant.admin.uploaded(`${query}&mode=supplement`, file('8'));
    expect(await totalsOf()).toEqual([4.5, 3]);
  });
});
