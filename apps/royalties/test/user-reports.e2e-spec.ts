import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { contractCreate, type UserReport, userReportCurrent, userReportDownloadOptions } from '@countinghouse/client';
import { openStorage, storageUrl } from '@countinghouse/storage';
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
import { kontorFile } from './kontor-file.js';
import { csvRows, fileNames, fileTexts, fileUrls } from './report-files.js';

const current = '/financial/reports/user-reports/current';
const options = '/financial/reports/user-reports/download/options';
const months = ['202508', '202506', '202507'];

let platform: Platform;
let tenant: TestTenant;
let other: { api: Api; id: string };
let stranger: TestTenant;

const contract = (userId: string, match: string) =>
  contractCreate({
    client: tenant.admin.client,
    body: { userId, scope: 'label', match, sharePercent: '100' },
    throwOnError: true,
  });

/** Mia's lines of a month, and one of somebody else's. */
const file = kontorFile([
  { royalties: '12,3456789012345', units: '2', title: '=SUM(A1;A2)', artist: 'Ada "Æ" Ångström; Co' },
  { royalties: '80', units: '5', country: 'France', store: '@Store' },
  { royalties: '-5,9439394346', units: '-2', title: '-Snow', country: 'France' },
  { label: 'Other Records', royalties: '0,0000000001', units: '1' },
]);

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
  other = await openMember(platform.url, tenant.admin);
  await contract(tenant.memberId, 'Polar Records');
  await contract(other.id, 'Other Records');
  for (const month of months) await tenant.admin.uploaded(`distributor=KONTOR&reportingMonth=${month}`, file);
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

const reportsOf = async (api: Api, query: { userId?: string; page?: number; size?: number } = {}) =>
  (await userReportCurrent({ client: api.client, query: { distributor: 'KONTOR', ...query }, throwOnError: true }))
    .data;

const newestReport = async (api: Api): Promise<UserReport> => (await reportsOf(api))[0]!;

describe('the current reports', () => {
  it('are the caller’s own, the newest month first, as the reference has them', async () => {
    const reports = await reportsOf(tenant.member);
    expect(reports.map(({ reportingMonth }) => reportingMonth)).toEqual(['202508', '202507', '202506']);
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(reports[0]).toStrictEqual({
      id: expect.any(Number),
      createdAt: instant,
      updatedAt: instant,
      currency: 'EUR',
      distributor: 'KONTOR',
      reportingMonth: '202508',
      totalRoyalties: 86.4017394666,
      debitState: 'PENDING',
      paidOn: null,
    });
    expect((await reportsOf(other.api)).map(({ totalRoyalties }) => totalRoyalties)).toEqual(Array(3).fill(1e-10));
  });

  it('write amounts with their exact digits', async () => {
    expect((await tenant.member.get(`${current}?distributor=KONTOR`)).text).toContain(
      '"totalRoyalties":86.4017394666,',
    );
    expect((await other.api.get(`${current}?distributor=KONTOR`)).text).toContain('"totalRoyalties":0.0000000001,');
  });

  it('are paged when pages are asked for, else complete', async () => {
    const monthsOf = (reports: UserReport[]) => reports.map(({ reportingMonth }) => reportingMonth);
    expect(monthsOf(await reportsOf(tenant.member, { size: 2 }))).toEqual(['202508', '202507']);
    expect(monthsOf(await reportsOf(tenant.member, { page: 2, size: 2 }))).toEqual(['202506']);
    expect(monthsOf(await reportsOf(tenant.member, { page: 1 }))).toHaveLength(3);
    expect(monthsOf(await reportsOf(tenant.member, { page: 9 }))).toEqual([]);
  });

  it('of another user are for admins', async () => {
    expect(await reportsOf(tenant.admin)).toEqual([]);
    expect(await reportsOf(tenant.admin, { userId: tenant.memberId })).toEqual(await reportsOf(tenant.member));
    expect(await reportsOf(tenant.member, { userId: tenant.memberId })).toHaveLength(3);
    expect((await tenant.member.get(`${current}?distributor=KONTOR&userId=${other.id}`)).status).toBe(403);
    expect(await reportsOf(stranger.admin, { userId: tenant.memberId })).toEqual([]);
    expect(await reportsOf(tenant.admin, { userId: randomUUID() })).toEqual([]);
  });

  it('are none of a distributor that has none', async () => {
    expect((await tenant.member.get(`${current}?distributor=BELIEVE`)).json).toEqual([]);
  });

  it.each([
    '',
    '?distributor=',
    '?distributor=SPOTIFY',
    '?distributor=kontor',
    '?distributor=KONTOR&distributor=BELIEVE',
  ])('need a distributor that is known: 400 for "%s"', async (query) => {
    const { status, json, headers } = await tenant.member.get(current + query);
    expect(status).toBe(400);
    const message = 'Distributor parameter is required';
    expect(json).toMatchObject({ statusCode: 400, message, error: 'Bad Request' });
    expect((json as { requestId: string }).requestId).toBe(headers.get('x-request-id'));
  });

  it.each([
    ['size=0', 'size'],
    ['size=101', 'size'],
    ['page=0', 'page'],
    ['page=1.5', 'page'],
    ['userId=7', 'userId'],
    ['month=202508', 'month'],
  ])('refuse %s and name the field', async (query, field) => {
    const { status, json } = await tenant.admin.get(`${current}?distributor=KONTOR&${query}`);
    expect([status, json]).toMatchObject([400, { details: [{ field }] }]);
  });

  it('are not sent again to a caller who has them', async () => {
    const first = await tenant.member.get(`${current}?distributor=KONTOR`);
    const etag = first.headers.get('etag')!;
    const known = await tenant.member.get(`${current}?distributor=KONTOR`, { 'if-none-match': etag });
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
    const others = await other.api.get(`${current}?distributor=KONTOR`, { 'if-none-match': etag });
    expect(others.status).toBe(200);
  });
});

describe('a token', () => {
  it.each(['', 'Bearer', 'Bearer nonsense', 'Basic dXNlcjpwYXNz'])('like "%s" is no token', async (authorization) => {
    for (const path of [`${current}?distributor=KONTOR`, `${options}/1`]) {
      const response = await fetch(`${platform.url}${path}`, authorization ? { headers: { authorization } } : {});
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ statusCode: 401, message: 'Invalid token', error: 'Unauthorized' });
    }
  });
});

describe('the download options', () => {
  it('are six addresses that need no token, under the file names that callers keep', async () => {
    const { id } = await newestReport(tenant.member);
    const { data } = await userReportDownloadOptions({ client: tenant.member.client, path: { id } });
    expect(Object.keys(data!)).toEqual(Object.keys(fileNames));
    for (const [name, url] of Object.entries(await fileUrls(tenant.member, id))) {
      const response = await fetch(url);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${id}_${name}.csv"`);
      expect(new URL(url).pathname).toMatch(new RegExp(`/${id}_${name}\\.csv$`));
    }
  });

  it('are not found for another’s report, except by the admin', async () => {
    const { id } = await newestReport(tenant.member);
    const strangers = [other.api, stranger.admin, stranger.member].map((api) => api.get(`${options}/${id}`));
    for (const { status, json } of await Promise.all([...strangers, tenant.member.get(`${options}/999999`)])) {
      expect([status, json]).toMatchObject([404, { message: 'Report not found', error: 'Not Found' }]);
    }
    expect((await tenant.admin.get(`${options}/${id}`)).status).toBe(200);
  });

  it.each(['/x', '/0', '/-1', '/1?delimiter=tab', '/1?format=xlsx'])('are 400 for %s', async (path) => {
    expect((await tenant.member.get(options + path)).status).toBe(400);
  });
});

describe('the files of a report', () => {
  it('have the lines in the file’s order and the groups by royalties, with text that no spreadsheet runs', async () => {
    const { id } = await newestReport(tenant.member);
    const { full, countries, platforms, artists, releases, labels } = await fileTexts(tenant.member, id);
    const bom = '\uFEFF';
    const artist = '"Ada ""Æ"" Ångström; Co"';
    expect(full).toBe(
      `${bom}Reporting Month,Sales Month,Platform,Channel Type,Country Code,Country,Label,Artist,Release,Track,UPC,ISRC,Catalog Number,Sales Type,Subscription Type,Quantity,Currency,Royalties\r\n` +
        `202508,202507,Spotify,Streaming,DE,Germany,Polar Records,${artist},'=SUM(A1;A2),'=SUM(A1;A2),4260123459598,DEA622500001,PR-1,Streaming,,2,EUR,12.3456789012\r\n` +
        `202508,202507,'@Store,Streaming,FR,France,Polar Records,Ada,Snow,Snow,4260123459598,DEA622500001,PR-1,Streaming,,5,EUR,80\r\n` +
        `202508,202507,Spotify,Streaming,FR,France,Polar Records,Ada,'-Snow,'-Snow,4260123459598,DEA622500001,PR-1,Streaming,,-2,EUR,-5.9439394346\r\n`,
    );
    expect(labels).toBe(`${bom}Label,Currency,Quantity,Royalties\r\nPolar Records,EUR,5,86.4017394666\r\n`);
    expect(artists).toBe(
      `${bom}Artist,Currency,Quantity,Royalties\r\nAda,EUR,3,74.0560605654\r\n${artist},EUR,2,12.3456789012\r\n`,
    );
    expect(platforms).toBe(
      `${bom}Platform,Currency,Quantity,Royalties\r\n'@Store,EUR,5,80\r\nSpotify,EUR,0,6.4017394666\r\n`,
    );
    expect(countries).toBe(
      `${bom}Country Code,Country,Currency,Quantity,Royalties\r\nFR,France,EUR,3,74.0560605654\r\nDE,Germany,EUR,2,12.3456789012\r\n`,
    );
    expect(releases).toBe(
      `${bom}Release,UPC,Artist,Currency,Quantity,Royalties\r\nSnow,4260123459598,Ada,EUR,5,80\r\n` +
        `'=SUM(A1;A2),4260123459598,${artist},EUR,2,12.3456789012\r\n'-Snow,4260123459598,Ada,EUR,-2,-5.9439394346\r\n`,
    );
  });

  it('are made with semicolons at the first question for them, and hold the same', async () => {
    const { id } = await newestReport(tenant.member);
    const first = await tenant.member.get(`${options}/${id}?delimiter=semicolon`);
    expect([...new Set(Object.values(first.json as object))]).toEqual([null]);
    const semicolons = await fileTexts(tenant.member, id, '?delimiter=semicolon');
    const commas = await fileTexts(tenant.member, id);
    expect(semicolons.labels).toContain('Label;Currency;Quantity;Royalties\r\nPolar Records;EUR;5;86.4017394666\r\n');
    expect(csvRows(semicolons.full, ';')).toEqual(csvRows(commas.full));
  });
});

describe('a signed address', () => {
  it('is 403 after any change', async () => {
    const { labels } = await fileUrls(tenant.member, (await newestReport(tenant.member)).id);
    const { pathname, searchParams, href } = new URL(labels);
    const expires = searchParams.get('expires')!;
    const changed = [
      href.replace('labels', 'full'),
      href.replace(expires, `${Number(expires) + 1}`),
      href.slice(0, -1),
      `${href}A`,
      `${href}&delimiter=semicolon`,
      href.replace(pathname, pathname.replace(/^\/files\/\d+/, `/files/${stranger.id}`)),
      href.replace('/files/', '/files/../files/').replace('.csv', '%2ecsv'),
      href.replace(/&signature=.*/, ''),
      href.replace(/\?.*/, ''),
    ];
    for (const url of changed) {
      const response = await fetch(url);
      expect([url, response.status]).toEqual([url, 403]);
      expect(await response.json()).toMatchObject({ statusCode: 403, error: 'Forbidden' });
    }
    expect((await fetch(href)).status).toBe(200);
  });

  it('is good for one hour', async () => {
    const { labels } = await fileUrls(tenant.member, (await newestReport(tenant.member)).id);
    const { searchParams, pathname } = new URL(labels);
    const seconds = Number(searchParams.get('expires')) - Date.now() / 1000;
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);

    const secrets = JSON.parse(await readFile(join(platform.home, 'secrets.json'), 'utf8'));
    const storage = await openStorage(storageUrl.parse(pathToFileURL(join(platform.home, 'objects')).href), {
      signingKey: secrets.storageSigningKey,
      publicUrl: platform.url,
    });
    const signedBefore = (ago: number) =>
      storage.sign(pathname.replace('/files/', ''), {
        expiresInSeconds: 3_600,
        now: new Date(Date.now() - ago * 1000),
      });
    expect((await fetch(await signedBefore(3_000))).status).toBe(200);
    expect((await fetch(await signedBefore(3_601))).status).toBe(403);
  });
});

describe('a pending report that gets further lines', () => {
  it('moves on with its total, its ETag and its files; a file that was given out stays as it was', async () => {
    const lines = [
      { label: 'Other Records', royalties: '1' },
      { label: 'Later', royalties: '2,5' },
    ];
    await tenant.admin.uploaded('distributor=KONTOR&reportingMonth=202509', kontorFile(lines));
    const before = await newestReport(other.api);
    const etag = (await other.api.get(`${current}?distributor=KONTOR`)).headers.get('etag')!;
    const { labels } = await fileUrls(other.api, before.id, '?delimiter=semicolon');
    const text = '\uFEFFLabel;Currency;Quantity;Royalties\r\nOther Records;EUR;3;1\r\n';
    expect((await other.api.get(labels)).text).toBe(text);

    await contract(other.id, 'Later');
    const after = await eventually(async () => {
      const report = await newestReport(other.api);
      expect(report.totalRoyalties).toBe(3.5);
      return report;
    });
    expect(after).toEqual({ ...before, totalRoyalties: 3.5, updatedAt: after.updatedAt });
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    const known = await other.api.get(`${current}?distributor=KONTOR`, { 'if-none-match': etag });
    expect([known.status, known.headers.get('etag') === etag]).toEqual([200, false]);

    const moved = await fileTexts(other.api, after.id, '?delimiter=semicolon');
    expect(moved.labels).toBe(
      '\uFEFFLabel;Currency;Quantity;Royalties\r\nLater;EUR;3;2.5\r\nOther Records;EUR;3;1\r\n',
    );
    expect((await other.api.get(labels)).text).toBe(text);
  });
});
