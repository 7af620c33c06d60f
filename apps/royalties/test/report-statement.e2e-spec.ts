import { contractCreate, type UserReport, userReportCurrent } from '@countinghouse/client';
import {
  type Api,
  eventually,
  openMember,
  openTenant,
  type Platform,
  startProduct,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { readPdf } from '@countinghouse/testing/pdf';
import { Accounting } from './accounting.js';
import { kontorFile } from './kontor-file.js';
import { jobsEnded, openRoyaltiesDatabase } from './royalties-database.js';

let platform: Platform;
let database: DataSource;
let accounting: Accounting;
let tenant: TestTenant;
let stranger: TestTenant;
let other: { api: Api; id: string };
let report: UserReport;

const upload = 'distributor=KONTOR&reportingMonth=202508';
const file = kontorFile([
  { royalties: '12,3456789012345', units: '2', title: '=SUM(A1;A2)', artist: 'Ada "Æ" Ångström; Co' },
  { royalties: '1080', units: '5', country: 'France', store: '@Store' },
  { royalties: '-5,9439394346', units: '-2', title: '-Snow', country: 'France' },
]);

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [database, accounting] = await Promise.all([openRoyaltiesDatabase(platform), Accounting.at(platform)]);
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
  other = await openMember(platform.url, tenant.admin);
  const body = { userId: tenant.memberId, scope: 'label', match: 'Polar Records', sharePercent: '100' } as const;
  await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
  await tenant.admin.uploaded(upload, file);
  report = (await reports()).at(-1)!;
}, 60_000);

afterAll(async () => {
  await accounting?.close();
  await database?.destroy();
  await platform?.stop();
}, 30_000);

/** Mia's reports, the newest first. */
const reports = async (): Promise<UserReport[]> => {
  const query = { distributor: 'KONTOR' };
  return (await userReportCurrent({ client: tenant.member.client, query, throwOnError: true })).data;
};

const pathOf = (id: number) => `/royalties/reports/${id}/statement.pdf`;

const statement = async (id = report.id, { authorization }: Api = tenant.member) => {
  const answer = await fetch(platform.url + pathOf(id), { headers: { authorization } });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${answer.status}: ${bytes.toString()}`);
  return { headers: answer.headers, bytes, words: (await readPdf(bytes)).words };
};

describe('the statement of a report', () => {
  it('is a page in the tenant’s language with the figures of the report and of its files', async () => {
    const { headers, words } = await statement();
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('content-disposition')).toBe(`inline; filename="${report.id}_statement.pdf"`);
    expect(words.slice(0, 6)).toEqual([
      'Test',
      'Royaltyopgørelse',
      'KONTOR, august 2025',
      'Til',
      'Mia Member',
      expect.stringMatching(/^member-.+@t.*…$/),
    ]);
    expect(words).toEqual(expect.arrayContaining([`${report.id}`, '1.086,40 EUR', 'Præcist 1.086,4017394666 EUR']));
    const lists = words.slice(
      words.indexOf('Linjer'),
      words.findIndex((text) => text.startsWith('Beløb')),
    );
    expect(lists).toEqual(
      [
        ['Linjer', '3', 'Enheder', '5'],
        ['Udgivelser', 'Enheder', 'Royalty, EUR'],
        ['Snow – Ada', '5', '1.080,00'],
        ['=SUM(A1;A2) – Ada "Æ" Ångström; Co', '2', '12,35'],
        ['-Snow – Ada', '-2', '-5,94'],
        ['Platforme', 'Royalty, EUR', '@Store', '1.080,00', 'Spotify', '6,40'],
        ['Lande', 'Royalty, EUR', 'Frankrig', '1.074,06', 'Tyskland', '12,35'],
      ].flat(),
    );
  });

  it('is the same bytes for whoever may have it', async () => {
    const [own, admins] = await Promise.all([statement(), statement(report.id, tenant.admin)]);
    expect(admins.bytes).toEqual(own.bytes);
  });

  it('is not found for another’s report', async () => {
    const refused = [other.api, stranger.admin, stranger.member].map((api) => api.get(pathOf(report.id)));
    for (const { status, json } of await Promise.all([...refused, tenant.member.get(pathOf(999_999))])) {
      expect([status, json]).toMatchObject([404, { message: 'Report not found', error: 'Not Found' }]);
    }
  });

  it('needs a token and the number of a report', async () => {
    expect((await fetch(platform.url + pathOf(report.id))).status).toBe(401);
    for (const id of ['x', '0', '-1', '1.5', '../1']) {
      const path = `/royalties/reports/${encodeURIComponent(id)}/statement.pdf`;
      expect([id, (await tenant.member.get(path)).status]).toEqual([id, 400]);
    }
  });

  it('is 304 to a caller who has it', async () => {
    const etag = (await statement()).headers.get('etag')!;
    const known = await tenant.member.get(pathOf(report.id), { 'if-none-match': etag });
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
    expect(known.headers.get('cache-control')).toBe('private, no-cache');
    const strangers = await stranger.member.get(pathOf(report.id), { 'if-none-match': etag });
    expect(strangers.status).toBe(404);
  });
});

describe('a statement after a change', () => {
  /** Until what is told by facts has arrived. */
  const statementThat = (text: string, id = report.id) =>
    eventually(async () => {
      const found = await statement(id);
      expect(found.words).toContain(text);
      return found;
    });

  it('is in the language that the tenant has now, under another ETag', async () => {
    const before = await statement();
    await tenant.admin.patch(`/tenant/${tenant.id}`, { language: 'en', name: 'Northern Lights' });
    const after = await statementThat('Royalty statement');
    expect(after.words).toEqual(expect.arrayContaining(['Northern Lights', '1,086.40 EUR', 'France', 'Pending']));
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  });

  it('says that it was paid, and what adjusts it and what it adjusts afterwards', async () => {
    await accounting.paid(tenant.id, 1, tenant.memberId, [report.id], '2025-11-08T21:45:40.775Z');
    await statementThat('Paid on 8 November 2025');
    await tenant.admin.uploaded(`${upload}&mode=supplement`, kontorFile([{ royalties: '-20,0050' }]));
    await jobsEnded(database, tenant.id);
    const further = (await reports()).find(({ adjusts }) => adjusts === report.id)!;
    expect((await statement(further.id)).words).toEqual(
      expect.arrayContaining([`Adjusts report ${report.id}`, '-20.01 EUR', 'Exactly -20.005 EUR', 'Pending']),
    );
    expect((await statement()).words).toEqual(
      expect.arrayContaining([`Adjusted by -20.01 EUR in report ${further.id}`, '1,086.40 EUR']),
    );
    await tenant.admin.post(`/royalties/reports/${further.id}/cancel`, { reason: 'Settled otherwise' });
    expect((await statement(further.id)).words).toContain('Cancelled');
  });

  it('is refused while the files that it shows are being made', async () => {
    await database.query(
      `UPDATE user_report SET comma_files_revision = revision - 1 WHERE tenant_id = $1 AND id = $2`,
      [tenant.id, report.id],
    );
    const { status, json } = await tenant.member.get(pathOf(report.id));
    expect([status, json]).toMatchObject([409, { message: expect.stringContaining('are being made') }]);
  });
});
