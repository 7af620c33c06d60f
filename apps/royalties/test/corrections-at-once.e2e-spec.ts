import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementView } from '@countinghouse/testing';
import { BackOffice, polarFile } from './back-office.js';
import { lastMonth, nextUpload } from './kontor-file.js';

let office: BackOffice;

beforeAll(async () => {
  office = await BackOffice.open();
}, 60_000);

afterAll(() => office?.close(), 30_000);

const statementsOf = async (query: string): Promise<StatementView[]> => {
  const { json } = await office.tenant.admin.get(`/royalties/statements?${query}&size=100`);
  return (json as { items: StatementView[] }).items.toReversed();
};

/** What the reports of the month have is what its live statements have, and no job had to begin again. */
const expectExact = async (query: string, month: string): Promise<void> => {
  await office.jobsEnded();
  const live = (await statementsOf(query)).filter(({ state }) => state === 'completed');
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + Math.round(amount * 1e4), 0);
  const reports = await office.reports(office.tenant.member, month);
  expect(sum(reports.map(({ totalRoyalties }) => totalRoyalties))).toBe(sum(live.map(({ royalties }) => royalties)));
  for (const report of reports) await office.files(report);
  const troubled = await office.database.query(
    `SELECT name, subject, state, error FROM job WHERE tenant_id = $1 AND (failures > 0 OR state = 'failed')`,
    [office.tenant.id],
  );
  expect(troubled).toEqual([]);
};

describe('at once', () => {
  it('eight voids take a statement back once', async () => {
    const query = nextUpload();
    const { id } = await office.tenant.admin.uploaded(query, polarFile('1', '2'));
    const answers = await Promise.all(Array.from({ length: 8 }, () => office.void(id)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array(7).fill(409)]);
    await expectExact(query, lastMonth());
    expect(await office.totals()).toEqual([0]);
  });

  it('replacements, supplements and a void leave the last replacement and what came after it', async () => {
    for (let round = 0; round < 3; round++) {
      const query = nextUpload();
      const { id } = await office.tenant.admin.uploaded(query, polarFile('1'));
      const upload = (mode: string, net: string) => office.tenant.admin.upload(`${query}&mode=${mode}`, polarFile(net));
      const [voided, ...uploads] = await Promise.all([
        office.void(id),
        upload('replace', '2'),
        upload('supplement', '4'),
        upload('replace', '8'),
        upload('supplement', '16'),
      ]);
      expect([200, 409]).toContain(voided.status);
      expect(uploads.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      await expectExact(query, lastMonth());
      const replacements = [uploads[0], uploads[2]].map((answer) => (answer.json as StatementView).id);
      for (const { id: each, state } of await statementsOf(query)) {
        expect([each, state]).toEqual([each, each < Math.max(...replacements) ? 'voided' : 'completed']);
      }
    }
  }, 120_000);

  it('late matches, payments, cancellations and voids of one month neither lose nor double a line', async () => {
    const query = nextUpload();
    const month = lastMonth();
    const file = (label: string, net: string) => polarFile(net).replaceAll('Polar Records', label);
    const first = await office.tenant.admin.uploaded(query, polarFile('1', '2'));
    const late: number[] = [];
    for (let at = 0; at < 4; at++) {
      const { id } = await office.tenant.admin.uploaded(
        `${query}&mode=supplement`,
        file(`Late ${at}`, `${2 ** at},25`),
      );
      late.push(id);
    }
    const { id: report } = await office.onlyReport();
    await Promise.all([
      ...[0, 1, 2, 3].map((at) => office.own(`Late ${at}`)),
      office.pay(report),
      office.cancel(report),
      office.void(first.id),
      office.void(late[1]!),
      office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('0,5')),
    ]);
    await expectExact(query, month);
    const live = (await statementsOf(query)).filter(({ state }) => state === 'completed');
    expect(live.map(({ lines }) => lines.unmatched)).toEqual([0, 0, 0, 0]);
  });
});
