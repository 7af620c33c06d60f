import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { addMonths } from '@countinghouse/calendar';
import type { Platform } from '@countinghouse/local';
import { startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, openTenant, type StatementView, type TestTenant } from './api.js';
import { kontorHeader, kontorLine } from './kontor-file.js';

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

  /** What any client does: the same upload with the same key again until it is answered. */
  const uploadUntilAnswered = async (query: string, key: string): Promise<Answer> => {
    for (;;) {
      const answer = await tenant.admin.upload(query, file, { 'idempotency-key': key }).catch(() => null);
      if (answer && answer.status < 500 && answer.status !== 409) return answer;
      await delay(200);
    }
  };

  for (const victim of ['royalties', 'postgres', 'nats']) {
    it(`is there exactly once and complete: ${victim}`, async () => {
      for (const moment of moments) {
        const reportingMonth = month;
        month = addMonths(month, 1);
        const upload = uploadUntilAnswered(`distributor=KONTOR&reportingMonth=${reportingMonth}`, randomUUID());
        if (moment > 0) await upload;
        await delay(moment);
        await platform.kill(victim);
        await delay(100);
        await platform.restart(victim);

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
        const reports = await tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR');
        const mine = (reports.json as { reportingMonth: string; id: number; totalRoyalties: number }[]).filter(
          (report) => report.reportingMonth === reportingMonth,
        );
        expect(mine).toHaveLength(1);
        expect(mine[0]!.totalRoyalties).toBe(royalties);
        const options = await tenant.member.get(`/financial/reports/user-reports/download/options/${mine[0]!.id}`);
        const full = await tenant.member.get((options.json as { fullCatalog: string }).fullCatalog);
        expect(full.text.trimEnd().split('\r\n')).toHaveLength(1 + lines);
      }
    }, 240_000);
  }
});
