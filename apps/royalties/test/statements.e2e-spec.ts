import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  contractCreate,
  contractUpdate,
  statementGet,
  statementList,
  statementUnmatched,
  statementUpload,
} from '@countinghouse/client';
import {
  eventually,
  openTenant,
  type Platform,
  startProduct,
  type StatementView,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type KontorLine, kontorFile, lastMonth, nextUpload } from './kontor-file.js';
import { csvRows, fileTexts } from './report-files.js';
import { zipFile } from './zip-file.js';

let platform: Platform;
let tenant: TestTenant;
let stranger: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
  const body = { userId: tenant.memberId, scope: 'label', match: 'Polar Records', sharePercent: '75' } as const;
  await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

const lines: KontorLine[] = [
  { royalties: '0,0123456789' },
  { royalties: '-0,005', units: '-1' },
  { label: 'Nobody’s Records', royalties: '1,25' },
];
const file = kontorFile(lines);
const sha256 = createHash('sha256').update(file).digest('hex');
const figures = {
  state: 'completed',
  currency: 'EUR',
  progress: 100,
  lines: { read: 3, accepted: 2, rejected: 0, unmatched: 1 },
  net: 1.2573456789,
  royalties: 0.0055092592, // 0.0092592592 (rounded from …591750) − 0.00375
  error: null,
  voidedAt: null,
  voidReason: null,
};

describe('an upload', () => {
  it('is received, and then read, matched and reported', async () => {
    const query = { distributor: 'KONTOR', reportingMonth: '202508' };
    const body = new Blob([file]);
    const { data, response } = await statementUpload({ client: tenant.admin.client, query, body, throwOnError: true });
    expect(response.status).toBe(202);
    const bytes = Buffer.byteLength(file);
    expect(data).toEqual({ ...query, id: expect.any(Number), state: 'received', sha256, bytes, duplicate: false });
    await tenant.admin.settled(data.id);
    const { data: statement } = await statementGet({ client: tenant.admin.client, path: { id: data.id } });
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(statement).toEqual({ ...query, ...figures, id: data.id, createdAt: instant, completedAt: instant });
  });

  const form = (content: string | Uint8Array<ArrayBuffer>) => {
    const body = new FormData();
    body.append('file', new Blob([content]), 'statement.csv');
    return body;
  };
  const zip = Uint8Array.from(zipFile({ 'statement.csv': file }));
  const gzip = Uint8Array.from(gzipSync(file));
  it.each<[string, string | Uint8Array | FormData, Record<string, string>]>([
    ['as octets', file, { 'content-type': 'application/octet-stream' }],
    ['of a type that means nothing', file, { 'content-type': 'x/y' }],
    ['as a field of a form', form(file), {}],
    ['as a packed file in a form', form(gzip), {}],
    ['gzip-encoded', gzip, { 'content-encoding': 'gzip' }],
    ['as a .gz', gzip, { 'content-type': 'application/gzip' }],
    ['as a .gz, gzip-encoded on its way', gzipSync(gzip), { 'content-encoding': 'gzip' }],
    ['as a .zip', zip, { 'content-type': 'application/zip' }],
  ])('%s is the same statement', async (_, body, headers) => {
    const query = nextUpload();
    const { status, json } = await tenant.admin.upload(query, body, headers);
    expect([status, json]).toMatchObject([202, { sha256, duplicate: false }]);
    const { id } = json as StatementView;
    expect(await tenant.admin.settled(id)).toMatchObject(figures);
    const again = await tenant.admin.upload(query, file);
    expect([again.status, again.json]).toMatchObject([200, { id, state: 'completed', sha256, duplicate: true }]);
  });

  it('of the same file changes nothing, also when many come at once', async () => {
    const query = nextUpload();
    const answers = await Promise.all(Array.from({ length: 8 }, () => tenant.admin.upload(query, file)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([...Array(7).fill(200), 202]);
    const ids = new Set(answers.map(({ json }) => (json as StatementView).id));
    expect(ids.size).toBe(1);
    await tenant.admin.settled([...ids][0]!);
    const list = await tenant.admin.get(`/royalties/statements?${query}`);
    expect(list.json).toMatchObject({ total: 1, items: [figures] });
  });

  it('of a different file for the month is refused with the number of the statement that is there', async () => {
    const query = nextUpload();
    const { id } = await tenant.admin.uploaded(query, file);
    const { status, json } = await tenant.admin.upload(query, kontorFile(lines.slice(1)));
    expect(status).toBe(409);
    expect((json as { message: string }).message).toContain(`Statement ${id} `);
    expect((await tenant.admin.get(`/royalties/statements?${query}`)).json).toMatchObject({ total: 1 });
  });

  it('of a file that failed before is no duplicate', async () => {
    const query = nextUpload();
    const ambiguous = kontorFile([{ royalties: '1.234' }]);
    const failed = await tenant.admin.uploaded(query, ambiguous);
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining('decimal=') });
    const retried = await tenant.admin.uploaded(`${query}&decimal=comma`, ambiguous);
    expect(retried).toMatchObject({ state: 'completed', net: 1234 });
    expect(retried.id).not.toBe(failed.id);
  });

  it('with an idempotency key is answered once, and refused with another file', async () => {
    const query = nextUpload();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await tenant.admin.upload(query, file, headers);
    const again = await tenant.admin.upload(query, file, headers);
    expect([first.status, again.status, again.text]).toEqual([202, 202, first.text]);
    expect([first, again].map((answer) => answer.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    const other = await tenant.admin.upload(query, kontorFile(lines.slice(1)), headers);
    expect(other.status).toBe(422);
    const otherMonth = await tenant.admin.upload(nextUpload(), file, headers);
    expect(otherMonth.status).toBe(422);
  });
});

describe('the list of statements', () => {
  it('is filtered and paged, the newest first', async () => {
    const ids: number[] = [];
    for (let at = 0; at < 3; at++) ids.unshift((await stranger.admin.uploaded(nextUpload(), file)).id);
    const failed = await stranger.admin.uploaded(nextUpload(), 'no;statement\r\n1;2\r\n');
    const list = async (query: object) =>
      (await statementList({ client: stranger.admin.client, query, throwOnError: true })).data;

    const pages = await Promise.all([1, 2, 3].map((page) => list({ state: 'completed', page, size: 1 })));
    for (const page of pages) expect(page).toMatchObject({ total: 3, totalPages: 3 });
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
    expect(await list({ state: 'failed' })).toMatchObject({ total: 1, items: [{ id: failed.id }] });
    expect(await list({ reportingMonth: lastMonth() })).toMatchObject({ total: 1, items: [{ id: failed.id }] });
    expect(await list({ distributor: 'KONTOR' })).toMatchObject({ total: 4, page: 1, totalPages: 1 });
    expect(await list({ distributor: 'BELIEVE' })).toEqual({ items: [], total: 0, page: 1, totalPages: 0 });
  });

  it.each(['state=done', 'reportingMonth=2025-08', 'size=101', 'page=-1', 'month=202508'])(
    'refuses %s',
    async (query) => {
      const { status, json } = await tenant.admin.get(`/royalties/statements?${query}`);
      expect([status, json]).toMatchObject([400, { details: [{ field: query.split('=')[0] }] }]);
    },
  );
});

describe('the progress of a statement', () => {
  it('is told until it has ended, with exact amounts', async () => {
    const { json } = await tenant.admin.upload(nextUpload(), file);
    const { id } = json as StatementView;
    const { headers, text } = await tenant.admin.get(`/royalties/statements/${id}/progress`);
    expect(headers.get('content-type')).toContain('text/event-stream');
    const events = text.split('\n\n').slice(0, -1);
    expect(events.slice(0, -1).every((event) => event.startsWith('event: progress\ndata: {'))).toBe(true);
    const statement = await tenant.admin.get(`/royalties/statements/${id}`);
    expect(events.at(-1)).toBe(`event: completed\ndata: ${statement.text}`);
    expect(statement.text).toContain('"net":1.2573456789,"royalties":0.0055092592,');
  });

  it('of one that has ended is its end', async () => {
    const { id } = await tenant.admin.uploaded(nextUpload(), 'no;statement\r\n1;2\r\n');
    const { text } = await tenant.admin.get(`/royalties/statements/${id}/progress`);
    expect(text).toMatch(/^event: failed\ndata: \{.*\}\n\n$/);
  });
});

describe('lines of a statement that were not accepted', () => {
  it('are told as CSV with line, column, reason and the line itself', async () => {
    const wrong = [{ ean: '4260123459599' }, { royalties: 'much' }, { title: '=1+1', country: 'Atlantis' }];
    const good = Array.from({ length: 57 }, () => ({}));
    const { id, ...statement } = await tenant.admin.uploaded(nextUpload(), kontorFile([...good, ...wrong]));
    expect(statement.lines).toEqual({ read: 60, accepted: 57, rejected: 3, unmatched: 0 });
    const { text, headers } = await tenant.admin.get(`/royalties/statements/${id}/rejected.csv`);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${id}_rejected.csv"`);
    expect(text.startsWith('\uFEFFLine,Column,Reason,Raw\r\n')).toBe(true);
    const rows = csvRows(text);
    expect(rows.map(({ Line, Column }) => [Line, Column])).toEqual([
      ['59', 'EAN'],
      ['60', 'Royalties'],
      ['61', 'Country'],
    ]);
    expect(rows[1]).toMatchObject({
      Reason: expect.stringContaining('"much"'),
      Raw: expect.stringContaining(';much;'),
    });
  });

  it('are told by label, the largest amount first, with every digit', async () => {
    const label = (name: string, royalties: string) => ({ label: name, royalties });
    const unowned = [label('B', '1,5'), label('Ä &amp; C', '0,123456789012345'), label('A', '1,5'), label('D', '-2')];
    const { id } = await tenant.admin.uploaded(nextUpload(), kontorFile([...unowned, label('B', '0,25'), {}]));
    const { text } = await tenant.admin.get(`/royalties/statements/${id}/unmatched`);
    expect(text).toBe(
      '[{"label":"B","lines":2,"net":1.75},{"label":"A","lines":1,"net":1.5},' +
        '{"label":"Ä & C","lines":1,"net":0.123456789012345},{"label":"D","lines":1,"net":-2}]',
    );
  });

  it('are none of a clean statement', async () => {
    const { id } = await tenant.admin.uploaded(nextUpload(), kontorFile([{}]));
    expect((await tenant.admin.get(`/royalties/statements/${id}/rejected.csv`)).text).toBe(
      '\uFEFFLine,Column,Reason,Raw\r\n',
    );
    expect((await statementUnmatched({ client: tenant.admin.client, path: { id } })).data).toEqual([]);
  });

  it('cannot be told of a file that was not read', async () => {
    const { id } = await tenant.admin.uploaded(nextUpload(), 'no;statement\r\n1;2\r\n');
    const { status, json } = await tenant.admin.get(`/royalties/statements/${id}/rejected.csv`);
    expect([status, json]).toMatchObject([409, { message: expect.stringContaining('failed') }]);
  });
});

describe('lines in suspense', () => {
  it('are booked by themselves after a contract and after an alias, to the last digit', async () => {
    const file = kontorFile([
      { royalties: '0,0000000001' },
      { label: 'Late & Co', royalties: '0,1234567891' },
      { label: 'Late &amp; Company', royalties: '3,0000000001' },
      { label: 'Never', royalties: '7' },
    ]);
    const query = nextUpload();
    const { id, ...statement } = await tenant.admin.uploaded(query, file);
    expect(statement).toMatchObject({ lines: { accepted: 1, unmatched: 3 }, royalties: 1e-10 });
    const { client } = tenant.admin;
    const now = (await statementGet({ client, path: { id }, throwOnError: true })).data;
    const after = (accepted: number) =>
      eventually(async () => {
        const { data } = await statementGet({ client, path: { id }, throwOnError: true });
        expect(data).toMatchObject({ lines: { read: 4, accepted, rejected: 0, unmatched: 4 - accepted } });
        expect(data).toMatchObject({ net: now.net, state: 'completed', completedAt: now.completedAt });
        return data.royalties;
      });
    const labels = async () => (await statementUnmatched({ client, path: { id }, throwOnError: true })).data;

    const body = { userId: tenant.memberId, scope: 'label', match: 'late & co', sharePercent: '50' } as const;
    const { data: contract } = await contractCreate({ client, body, throwOnError: true });
    expect(await after(2)).toBe(0.0617283947); // 0.0000000001 + round(0.06172839455)
    expect(await labels()).toEqual([
      { label: 'Never', lines: 1, net: 7 },
      { label: 'Late & Company', lines: 1, net: 3.0000000001 },
    ]);

    await contractUpdate({ client, path: { id: contract.id }, body: { aliases: ['LATE & company'] } });
    expect(await after(3)).toBe(1.5617283948); // + round(1.50000000005)
    expect(await labels()).toEqual([{ label: 'Never', lines: 1, net: 7 }]);

    const reports = await tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR');
    const report = (reports.json as { id: number; reportingMonth: string; totalRoyalties: number }[]).find(
      ({ reportingMonth }) => reportingMonth === lastMonth(),
    );
    expect(report).toMatchObject({ totalRoyalties: 1.5617283948 });
    await eventually(async () => {
      const { full, labels } = await fileTexts(tenant.member, report!.id);
      expect(csvRows(full).map((row) => row['Royalties'])).toEqual(['0.0000000001', '0.0617283946', '1.5000000001']);
      expect(csvRows(labels).map((row) => row['Label'])).toEqual(['Late & Company', 'Late & Co', 'Polar Records']);
    });
  });
});

describe('statements are the admin’s', () => {
  const paths = ['', '/progress', '/rejected.csv', '/unmatched'];

  it('of their tenant: another’s are not there, and a month of theirs is free', async () => {
    const query = nextUpload();
    const { id } = await tenant.admin.uploaded(query, file);
    for (const path of paths) {
      const { status, json } = await stranger.admin.get(`/royalties/statements/${id}${path}`);
      expect([status, json]).toMatchObject([404, { message: 'Statement not found' }]);
    }
    expect((await stranger.admin.get(`/royalties/statements?${query}`)).json).toMatchObject({ total: 0, items: [] });
    expect((await stranger.admin.upload(query, file)).status).toBe(202);
  });

  it('and no member’s', async () => {
    const reads = ['/royalties/statements', ...paths.map((path) => `/royalties/statements/1${path}`)];
    const answers = await Promise.all([
      tenant.member.upload(nextUpload(), file),
      ...reads.map((path) => tenant.member.get(path)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  it.each(['0', '-1', 'x', '1e3', '9007199254740993'])('and 400 for the number %s', async (id) => {
    const { status, json } = await tenant.admin.get(`/royalties/statements/${id}`);
    expect([status, json]).toMatchObject([400, { details: [{ field: 'id' }] }]);
  });
});
