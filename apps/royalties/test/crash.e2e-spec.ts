import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { addMonths } from '@countinghouse/calendar';
import type { Platform } from '@countinghouse/local';
import { type Answer, openTenant, startProduct, type StatementView, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kontorFile, kontorHeader, kontorLine } from './kontor-file.js';
import { fileTexts } from './report-files.js';

const lines = 60_000;
/** Line i is worth i × 10⁻¹⁰, so that a line that is lost or booked twice changes the sums. */
const file = `${[
  kontorHeader,
  ...Array.from({ length: lines }, (_, index) => kontorLine({ royalties: `0,${String(index + 1).padStart(10, '0')}` })),
].join('\n')}\n`;
/** Σ i × 10⁻¹⁰ */
const net = 0.180003;
/** At 50 %: the half of each odd line is rounded up at the tenth place. */
const royalties = 0.090003;

/** The moments of a statement at which something dies, in milliseconds after the upload was answered or begun. */
const moments = [0, 60, 150, 300, 600];

describe('a statement during whose processing a process dies', () => {
  let platform: Platform;
  let tenant: TestTenant;
  let month = '202401';

  beforeAll(async () => {
    platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
    tenant = await openTenant(platform);
    const { status } = await tenant.admin.post('/royalties/contracts', {
      userId: tenant.memberId,
      scope: 'label',
      match: 'Polar Records',
      sharePercent: '50',
    });
    expect(status).toBe(201);
  }, 60_000);

  afterAll(() => platform?.stop(), 30_000);

  /** What any client does: the same call with the same key again until it is answered. */
  const untilAnswered = async (call: (headers: Record<string, string>) => Promise<Answer>): Promise<Answer> => {
    const headers = { 'idempotency-key': randomUUID() };
    for (;;) {
      const answer = await call(headers).catch(() => null);
      if (answer && answer.status < 500 && answer.status !== 409) return answer;
      await delay(200);
    }
  };
  const uploadUntilAnswered = (query: string, content = file): Promise<Answer> =>
    untilAnswered((headers) => tenant.admin.upload(query, content, headers));

  const killAndRestart = async (victim: string): Promise<void> => {
    await platform.kill(victim);
    await delay(100);
    await platform.restart(victim);
  };

  const onlyReportOf = async (reportingMonth: string): Promise<{ id: number; totalRoyalties: number }> => {
    const { json } = await tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR');
    const reports = json as { reportingMonth: string; id: number; totalRoyalties: number }[];
    const those = reports.filter((report) => report.reportingMonth === reportingMonth);
    expect(those).toHaveLength(1);
    return those[0]!;
  };

  const linesOf = async ({ id }: { id: number }): Promise<string[]> =>
    (await fileTexts(tenant.member, id)).full.trimEnd().split('\r\n').slice(1);

  for (const victim of ['royalties', 'postgres', 'nats']) {
    it(`is there exactly once and complete: ${victim}`, async () => {
      for (const moment of moments) {
        const reportingMonth = month;
        month = addMonths(month, 1);
        const upload = uploadUntilAnswered(`distributor=KONTOR&reportingMonth=${reportingMonth}`);
        if (moment > 0) await upload;
        await delay(moment);
        await killAndRestart(victim);

        const { json } = await upload;
        const statement = await tenant.admin.settled((json as StatementView).id);
        expect(statement).toMatchObject({
          state: 'completed',
          lines: { read: lines, accepted: lines },
          net,
          royalties,
        });

        const list = await tenant.admin.get(`/royalties/statements?reportingMonth=${reportingMonth}`);
        expect(list.json).toMatchObject({ total: 1 });
        const report = await onlyReportOf(reportingMonth);
        expect(report.totalRoyalties).toBe(royalties);
        expect(await linesOf(report)).toHaveLength(lines);
      }
    }, 240_000);
  }

  it('is taken back exactly once, in the reports as in their files', async () => {
    for (const moment of [0, 15, 40, 100]) {
      const reportingMonth = month;
      month = addMonths(month, 1);
      const { id } = await tenant.admin.uploaded(`distributor=KONTOR&reportingMonth=${reportingMonth}`, file);
      const path = `/royalties/statements/${id}/void`;
      const voided = untilAnswered((headers) => tenant.admin.post(path, { reason: 'wrong' }, headers));
      await delay(moment);
      await killAndRestart('royalties');
      expect([moment, (await voided).status]).toEqual([moment, 200]);
      const report = await onlyReportOf(reportingMonth);
      expect(report.totalRoyalties).toBe(0);
      expect(await linesOf(report)).toEqual([]);
    }
  }, 120_000);

  it('is replaced exactly once', async () => {
    const replacement = kontorFile([{ royalties: '3' }]);
    for (const moment of [0, 80, 200, 400]) {
      const reportingMonth = month;
      month = addMonths(month, 1);
      const query = `distributor=KONTOR&reportingMonth=${reportingMonth}`;
      const old = await tenant.admin.uploaded(query, file);
      const upload = uploadUntilAnswered(`${query}&mode=replace`, replacement);
      if (moment > 0) await upload;
      await delay(moment);
      await killAndRestart('royalties');
      const { id } = (await upload).json as StatementView;
      expect([moment, (await tenant.admin.settled(id)).state]).toEqual([moment, 'completed']);
      expect((await tenant.admin.settled(old.id)).state).toBe('voided');
      const report = await onlyReportOf(reportingMonth);
      expect(report.totalRoyalties).toBe(1.5);
      expect(await linesOf(report)).toHaveLength(1);
    }
  }, 120_000);
});
