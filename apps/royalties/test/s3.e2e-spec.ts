import { contractCreate, userReportCurrent } from '@countinghouse/client';
import { openTenant, type Platform, startProduct, type TestS3, testS3, type TestTenant } from '@countinghouse/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { kontorFile, lastMonth, nextUpload } from './kontor-file.js';
import { csvRows, fileNames, fileUrls } from './report-files.js';

let s3: TestS3;
let platform: Platform;
let tenant: TestTenant;

beforeAll(async () => {
  s3 = await testS3();
  platform = await startProduct({ env: { STORAGE_URL: s3.url, ...s3.credentials } });
  tenant = await openTenant(platform);
  await contractCreate({
    client: tenant.admin.client,
    body: { userId: tenant.memberId, scope: 'label', match: 'Polar Records', sharePercent: '50' },
    throwOnError: true,
  });
}, 60_000);

afterEach(() => s3.interfere(() => false));
afterAll(async () => {
  await platform?.stop();
  await s3.stop();
}, 30_000);

/** Twenty lines that can be read and one that cannot. */
const file = kontorFile([
  ...Array.from({ length: 20 }, (_, at) => ({ royalties: `${at},0000000002` })),
  { royalties: 'many' },
]);

const refuses = (method: string, statusCode: number, code: string) =>
  s3.interfere((request, response) => {
    if (request.method !== method) return false;
    response.writeHead(statusCode).end(`<Error><Code>${code}</Code></Error>`);
    return true;
  });

const reportOf = async (reportingMonth: string) => {
  const query = { distributor: 'KONTOR' };
  const { data } = await userReportCurrent({ client: tenant.member.client, query, throwOnError: true });
  return data.find((report) => report.reportingMonth === reportingMonth)!;
};

describe('with a bucket for its files, the product', () => {
  it('takes a statement all the way to its reports, which the store itself hands out', async () => {
    const statement = await tenant.admin.uploaded(nextUpload(), file);
    expect(statement).toMatchObject({ state: 'completed', lines: { read: 21, accepted: 20, rejected: 1 } });
    const { id, totalRoyalties } = await reportOf(lastMonth());
    expect(totalRoyalties).toBe(95.000000002);

    const urls = await fileUrls(tenant.member, id);
    for (const name of Object.values(fileNames)) {
      expect(urls[name]).toContain(new URL(s3.url).searchParams.get('endpoint'));
      const { status, headers, text } = await tenant.member.get(urls[name]);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${id}_${name}.csv"`);
      expect(csvRows(text)).toHaveLength(name === 'full' ? 20 : 1);
    }
    expect((await tenant.member.get(urls.labels.replace('_labels', '_full'))).status).toBe(403);

    const rejected = await tenant.admin.get(`/royalties/statements/${statement.id}/rejected.csv`);
    expect(rejected.headers.get('content-disposition')).toBe(`attachment; filename="${statement.id}_rejected.csv"`);
    expect(csvRows(rejected.text)).toMatchObject([{ Line: '22', Column: 'Royalties' }]);
  });

  it('knows the same file when it comes again, and keeps it once', async () => {
    const parameters = nextUpload();
    const { id } = await tenant.admin.uploaded(parameters, file);
    const { status, json } = await tenant.admin.upload(parameters, file);
    expect([status, json]).toMatchObject([200, { id, duplicate: true }]);
  });

  it.each([
    [507, 507, 'InsufficientStorage'],
    [503, 403, 'AccessDenied'],
  ])('answers uploads with %d when the store says %d %s, and takes them afterwards', async (answered, said, code) => {
    const parameters = nextUpload();
    refuses('PUT', said, code);
    for (const body of [file, Buffer.alloc(30_000_000, file)]) {
      const { status, json, headers } = await tenant.admin.upload(parameters, body);
      expect([status, json]).toMatchObject([answered, { statusCode: answered, requestId: expect.any(String) }]);
      expect(headers.has('retry-after')).toBe(answered === 503);
    }
    expect(await s3.unfinished()).toEqual([]);
    s3.interfere(() => false);
    expect(await tenant.admin.uploaded(parameters, file)).toMatchObject({ state: 'completed' });
  });

  it('is told 503 of a store that is away, and goes on with a statement when it is back', async () => {
    refuses('GET', 507, 'InsufficientStorage');
    const { json } = await tenant.admin.upload(nextUpload(), file);
    const { id } = json as { id: number };
    await s3.kill();
    const { status, headers } = await tenant.admin.upload(nextUpload(), file);
    expect([status, headers.has('retry-after')]).toEqual([503, true]);
    s3.interfere(() => false);
    await s3.start();
    expect(await tenant.admin.settled(id)).toMatchObject({ state: 'completed', lines: { accepted: 20 } });
  });
});
