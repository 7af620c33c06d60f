import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementView } from '@countinghouse/testing';
import { BackOffice, messageOf, polarFile } from './back-office.js';
import { kontorFile, lastMonth, nextUpload } from './kontor-file.js';
import { csvRows } from './report-files.js';

let office: BackOffice;

beforeAll(async () => {
  office = await BackOffice.open();
}, 60_000);

afterAll(() => office?.close(), 30_000);

describe('a void', () => {
  it('takes a statement back from its reports and from suspense, which keep nothing of it', async () => {
    const query = nextUpload();
    const lines = kontorFile([{ royalties: '3' }, { label: 'Owned late', royalties: '5' }]);
    const { id } = await office.tenant.admin.uploaded(query, lines);
    const before = await office.onlyReport();
    const { status, json } = await office.void(id, 'The distributor sent it twice');
    expect([status, json]).toMatchObject([
      200,
      { id, state: 'voided', voidReason: 'The distributor sent it twice', voidedAt: expect.any(String), net: 8 },
    ]);
    expect((await office.statement(id)) as object).toEqual(json);
    const after = await office.onlyReport();
    expect(after).toMatchObject({ id: before.id, debitState: 'PENDING', totalRoyalties: 0 });
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    const files = await office.files(after);
    expect(Object.values(files).map((text) => csvRows(text))).toEqual(Array.from({ length: 6 }, () => []));
    expect((await office.tenant.admin.get(`/royalties/statements/${id}/unmatched`)).json).toEqual([]);

    await office.own('Owned late');
    await office.jobsEnded();
    expect(await office.totals()).toEqual([0]);
    expect((await office.tenant.admin.get(`/royalties/statements/${id}`)).json).toEqual(json);

    const again = await office.tenant.admin.uploaded(query, lines);
    expect(again).toMatchObject({ state: 'completed', lines: { accepted: 2 } });
    expect(again.id).not.toBe(id);
    expect(await office.totals()).toEqual([4]);
  });

  it('takes back what was matched late, too, and leaves other statements as they are', async () => {
    const query = nextUpload();
    const label = `Late ${lastMonth()}`;
    const { id } = await office.tenant.admin.uploaded(
      query,
      kontorFile([{ royalties: '3' }, { label, royalties: '5' }]),
    );
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('0,02'));
    await office.own(label);
    await office.jobsEnded();
    expect(await office.totals()).toEqual([4.01]);
    expect((await office.void(id)).status).toBe(200);
    expect(await office.totals()).toEqual([0.01]);
    expect(await office.rows(await office.onlyReport())).toEqual([['0.01', '2']]);
  });

  it('of a paid report’s statement goes into a further report, which says what it adjusts', async () => {
    const query = nextUpload();
    const { id } = await office.tenant.admin.uploaded(query, polarFile('3', '-1'));
    const paid = await office.onlyReport();
    await office.pay(paid.id);
    const [frozen, before] = [await office.onlyReport(), await office.files(paid)];
    expect((await office.void(id)).status).toBe(200);

    const [first, further] = await office.reports();
    expect(first).toStrictEqual(frozen);
    expect(further).toMatchObject({ totalRoyalties: -1, debitState: 'PENDING', paidOn: null, adjusts: paid.id });
    expect(await office.rows(further!)).toEqual([
      ['-1.5', '-2'],
      ['0.5', '-2'],
    ]);
    expect(await office.files(first!)).toEqual(before);

    await office.tenant.admin.uploaded(query, polarFile('3'));
    expect(await office.totals()).toEqual([1, 0.5]);
    expect(await office.rows((await office.reports())[1]!)).toEqual([
      ['-1.5', '-2'],
      ['0.5', '-2'],
      ['1.5', '2'],
    ]);
  });

  it('of a statement that has just come ends the work on it', async () => {
    const many = kontorFile(Array.from({ length: 20_000 }, (_, at) => ({ royalties: `0,${at + 1}` })));
    for (const wait of [0, 150, 300, 450]) {
      const query = nextUpload();
      const { json } = await office.tenant.admin.upload(query, many);
      const { id } = json as StatementView;
      await new Promise((resolve) => setTimeout(resolve, wait));
      expect((await office.void(id)).json).toMatchObject({ state: 'voided' });
      await office.jobsEnded();
      expect(await office.statement(id)).toMatchObject({ state: 'voided', error: null });
      expect([[], [0]]).toContainEqual(await office.totals());
      const jobs = await office.database.query(
        `SELECT DISTINCT state, failures FROM job WHERE tenant_id = $1 AND name = 'statement' AND subject = $2`,
        [office.tenant.id, `${id}`],
      );
      expect(jobs).toEqual([{ state: 'completed', failures: 0 }]);
    }
  });

  it('is refused when there is nothing to take back', async () => {
    const query = nextUpload();
    const failed = await office.tenant.admin.uploaded(query, polarFile('1.234'));
    const { id } = await office.tenant.admin.uploaded(query, polarFile('1'));
    await office.void(id, 'first reason');
    const answers = [await office.void(failed.id), await office.void(id)];
    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    expect(answers.map(messageOf)).toEqual([
      `Statement ${failed.id} failed and had no effect, so there is nothing to take back`,
      `Statement ${id} is voided already: first reason`,
    ]);
    expect(await office.totals()).toEqual([0]);
  });

  it('with an idempotency key is answered once', async () => {
    const { id } = await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const headers = { 'idempotency-key': randomUUID() };
    const again = () => office.tenant.admin.post(`/royalties/statements/${id}/void`, { reason: 'x' }, headers);
    const answers = [await again(), await again()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]!.text).toBe(answers[0]!.text);
    expect(answers[1]!.headers.get('idempotency-replayed')).toBe('true');
  });

  it('is the admin’s of the tenant, and needs a reason', async () => {
    const { id } = await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const path = `/royalties/statements/${id}/void`;
    expect((await office.tenant.member.post(path, { reason: 'x' })).status).toBe(403);
    expect((await office.stranger.admin.post(path, { reason: 'x' })).status).toBe(404);
    expect((await office.void(999_999)).status).toBe(404);
    for (const [body, field] of [
      [{}, 'reason'],
      [{ reason: '' }, 'reason'],
      [{ reason: 7 }, 'reason'],
      [{ reason: 'x'.repeat(1001) }, 'reason'],
      [{ reason: 'x', id: 1 }, 'id'],
    ] as const) {
      expect(await office.tenant.admin.post(path, body)).toMatchObject({ status: 400, json: { details: [{ field }] } });
    }
    expect((await office.statement(id)).state).toBe('completed');
  });
});

describe('other services', () => {
  const told = (id: number): Promise<{ subject: string; body: object }[]> =>
    office.database.query(
      `SELECT subject, body FROM outbox
       WHERE tenant_id = $1 AND subject LIKE 'royalties.statement.%' AND body->>'statementId' = $2
       ORDER BY id`,
      [office.tenant.id, `${id}`],
    );

  it('are told once that a statement was completed, and once that it was voided', async () => {
    const { id } = await office.tenant.admin.uploaded(
      nextUpload(),
      kontorFile([{ royalties: '1,50' }, { label: 'Nobody’s', royalties: '2,000' }]),
    );
    await office.void(id, 'twice');
    await office.void(id, 'thrice');
    const { completedAt, voidedAt } = (await office.statement(id)) as unknown as Record<string, string>;
    const completed = {
      statementId: id,
      distributor: 'KONTOR',
      reportingMonth: lastMonth(),
      currency: 'EUR',
      net: '3.5',
      completedAt,
    };
    expect(await told(id)).toEqual([
      { subject: 'royalties.statement.completed', body: completed },
      { subject: 'royalties.statement.voided', body: { ...completed, voidedAt, reason: 'twice' } },
    ]);
  });

  it('are told nothing of a statement that never was completed', async () => {
    const many = kontorFile(Array.from({ length: 20_000 }, (_, at) => ({ royalties: `0,${at + 1}` })));
    const { json } = await office.tenant.admin.upload(nextUpload(), many);
    const { id } = json as StatementView;
    await office.void(id);
    await office.jobsEnded();
    expect(await told(id)).toEqual([]);
  });
});
