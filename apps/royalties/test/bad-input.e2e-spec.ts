import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { contractCreate } from '@countinghouse/client';
import { eventually, openTenant, type Platform, startProduct, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { believeFile } from './believe-file.js';
import { kontorFile, kontorHeader, kontorLine, lastMonth, nextUpload } from './kontor-file.js';
import { csvRows, fileTexts } from './report-files.js';
import { zipFile } from './zip-file.js';

let platform: Platform;
let tenant: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  tenant = await openTenant(platform);
  const body = { userId: tenant.memberId, scope: 'label', match: 'Polar Records', sharePercent: '75' } as const;
  await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

const filesIn = async (folder: string): Promise<string[]> => {
  const path = join(platform.home, 'objects', folder);
  return existsSync(path) ? readdir(path) : [];
};
const unfinishedUploads = () => filesIn('.unfinished');
const storedUploads = () => filesIn(`${tenant.id}/uploads`);

const good = kontorFile([{}]);
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(5_000, 0xa7)]);
const rejectedOf = (bad: number, all: number) =>
  kontorFile(Array.from({ length: all }, (_, at) => (at < bad ? { royalties: 'much' } : {})));

describe('an upload that cannot become a statement', () => {
  it.each<[string, string, string]>([
    ['no distributor', 'reportingMonth=202508', 'distributor'],
    ['an unknown distributor', 'distributor=SPOTIFY&reportingMonth=202508', 'distributor'],
    ['no month', 'distributor=KONTOR', 'reportingMonth'],
    ['a month that is none', 'distributor=KONTOR&reportingMonth=202513', 'reportingMonth'],
    ['a month in another form', 'distributor=KONTOR&reportingMonth=2025-08', 'reportingMonth'],
    ['a currency that is none', 'distributor=KONTOR&reportingMonth=202508&currency=XYZ', 'currency'],
    ['a currency in lower case', 'distributor=KONTOR&reportingMonth=202508&currency=eur', 'currency'],
    ['a decimal mark that is none', 'distributor=KONTOR&reportingMonth=202508&decimal=dot', 'decimal'],
    ['an unknown parameter', 'distributor=KONTOR&reportingMonth=202508&month=202508', 'month'],
    ['a parameter twice', 'distributor=KONTOR&reportingMonth=202508&reportingMonth=202509', 'reportingMonth'],
  ])('is refused for %s, by name', async (_, query, field) => {
    const { status, json } = await tenant.admin.upload(query, good);
    expect([status, json]).toMatchObject([400, { error: 'Bad Request', details: [{ field }] }]);
  });

  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  const part = (name: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\n\r\n${good}\r\n`;
  const gzip = gzipSync(good);
  const zip = zipFile({ 'a.csv': good });
  it.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['nothing', '', {}, 400, 'empty'],
    ['nothing in gzip', gzipSync(''), { 'content-encoding': 'gzip' }, 400, 'empty'],
    ['no gzip, said to be gzip', good, { 'content-encoding': 'gzip' }, 400, 'gzip'],
    ['a cut gzip encoding', gzip.subarray(0, -9), { 'content-encoding': 'gzip' }, 400, 'gzip'],
    ['an encoding that is not taken', good, { 'content-encoding': 'br' }, 415, 'gzip'],
    ['a cut .gz', gzip.subarray(0, -9), {}, 400, 'damaged'],
    ['a damaged .gz', gzip.map((byte, at) => (at === 40 ? byte ^ 0xff : byte)), {}, 400, 'damaged'],
    ['a cut .zip', zip.subarray(0, -30), {}, 400, 'damaged'],
    ['a .zip of nothing', zipFile({}), {}, 400, 'exactly one'],
    ['a .zip of two files', zipFile({ 'a.csv': good, 'b.csv': good }), {}, 400, 'exactly one'],
    ['a form without a file', '--x--\r\n', multipart, 400, 'multipart'],
    ['a form of another field', `${part('statement')}--x--\r\n`, multipart, 400, 'statement'],
    ['a form of two fields', `${part('file')}${part('file')}--x--\r\n`, multipart, 400, 'nothing else'],
    ['a form that is cut short', part('file').slice(0, -3), multipart, 400, 'cut short'],
    [
      'a form with an empty file',
      '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n\r\n--x--',
      multipart,
      400,
      'empty',
    ],
  ])('is refused for %s, and nothing of it is kept', async (_, body, headers, status, message) => {
    const stored = await storedUploads();
    const answer = await tenant.admin.upload(nextUpload(), body, headers);
    expect([answer.status, answer.json]).toMatchObject([status, { message: expect.stringContaining(message) }]);
    expect([await unfinishedUploads(), await storedUploads()]).toEqual([[], stored]);
  });

  it('leaves no file when the month has another statement, nor when it is the same one', async () => {
    const query = nextUpload();
    await tenant.admin.uploaded(query, good);
    const stored = await storedUploads();
    expect((await tenant.admin.upload(query, good)).status).toBe(200);
    expect((await tenant.admin.upload(query, kontorFile([{}, {}]))).status).toBe(409);
    expect(await storedUploads()).toEqual(stored);
  });

  it('leaves nothing when its connection is lost in the middle, and the gateway goes on', async () => {
    const [pid, stored] = [platform.pid('gateway'), await storedUploads()];
    const headers = { authorization: tenant.admin.authorization, 'content-type': 'text/csv' };
    for (const length of [{}, { 'content-length': 1_000_000 }]) {
      const upload = request(`${platform.url}/royalties/statements?${nextUpload()}`, {
        method: 'POST',
        headers: { ...headers, ...length },
      });
      upload.on('error', () => {});
      upload.write(good.repeat(100));
      await eventually(async () => expect(await unfinishedUploads()).toHaveLength(1));
      upload.destroy();
      await eventually(async () => expect(await unfinishedUploads()).toEqual([]));
    }
    expect(await storedUploads()).toEqual(stored);
    expect(await tenant.admin.uploaded(nextUpload(), good)).toMatchObject({ state: 'completed' });
    expect(platform.pid('gateway')).toBe(pid);
  });
});

describe('a file that is no statement', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['an image', png, ['PNG']],
    ['an image in a .gz', gzipSync(png), ['PNG']],
    ['binary', Buffer.from(Array.from({ length: 4_000 }, (_, at) => at % 7)), ['binary']],
    ['nothing in a .gz', gzipSync(''), ['empty']],
    ['blank lines', '\r\n\r\n', ['empty']],
    ['a header without lines', `${kontorHeader}\r\n`, ['no lines']],
    ['another header', 'Sales Period;Store;Country\r\n202507;Spotify;DE\r\n', ['"Royalties"', '"Store"']],
    ['JSON', JSON.stringify({ lines: [kontorLine()] }), ['"Royalties"']],
    ['a column twice', good.replace(';GRID;', ';ISRC;'), ['isrc', 'column 11', 'column 12']],
    ['amounts that do not tell their decimal mark', kontorFile([{ royalties: '1.234' }]), ['decimal=']],
    ['nothing but bad lines', rejectedOf(3, 3), ['3 of 3 lines', 'line 2', '"Royalties"', '"much"']],
  ])('fails and says why: %s', async (_, file, words) => {
    const { state, error, lines } = await tenant.admin.uploaded(nextUpload(), file);
    expect(state).toBe('failed');
    for (const word of words) expect(error).toContain(word);
    expect(lines).toMatchObject({ accepted: 0, unmatched: 0 });
  });

  it('fails for another currency than the upload says, and names both', async () => {
    const { state, error } = await tenant.admin.uploaded(`${nextUpload()}&currency=USD`, good);
    expect([state, error]).toEqual(['failed', expect.stringMatching(/EUR.*USD/)]);
  });

  it.each<[string, string, RegExp]>([
    ['reporting month', believeFile([{ reportingMonth: '2025/07/01' }]), /202507.*202508/],
    ['currency', believeFile([{ currency: 'EUR' }, { currency: 'USD' }]), /EUR and USD/],
  ])('fails for a file of BELIEVE with another %s, and names both', async (_, file, message) => {
    const { state, error } = await tenant.admin.uploaded('distributor=BELIEVE&reportingMonth=202508', file);
    expect([state, error]).toEqual(['failed', expect.stringMatching(message)]);
  });

  it('books nothing', async () => {
    await tenant.admin.uploaded(nextUpload(), rejectedOf(2, 3));
    const { json } = await tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR');
    const months = (json as { reportingMonth: string }[]).map(({ reportingMonth }) => reportingMonth);
    expect(months).not.toContain(lastMonth());
    expect(months.length).toBeGreaterThan(0);
  });
});

describe('a statement with lines that cannot be read', () => {
  it('passes with exactly five percent of them, and fails with one more', async () => {
    expect(await tenant.admin.uploaded(nextUpload(), rejectedOf(2, 40))).toMatchObject({
      state: 'completed',
      lines: { read: 40, accepted: 38, rejected: 2, unmatched: 0 },
    });
    expect(await tenant.admin.uploaded(nextUpload(), rejectedOf(3, 40))).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('3 of 40 lines'),
    });
  });

  it('passes by what its tenant allows', async () => {
    const other = await openTenant(platform);
    const { status } = await other.admin.patch(`/tenant/${other.id}`, { maxRejectedPercent: '0' });
    expect(status).toBe(200);
    await eventually(async () => {
      const { state, error } = await other.admin.uploaded(nextUpload(), rejectedOf(1, 100));
      expect([state, error]).toEqual(['failed', expect.stringContaining('at most 0 %')]);
    });
  });

  it('tells each of them', async () => {
    const lines = Array.from({ length: 200 }, () => kontorLine());
    lines[10] = kontorLine().slice(0, -2);
    lines[20] = `${kontorLine()};more`;
    lines[30] = kontorLine({ period: '202513' });
    lines[40] = kontorLine({ isrc: 'DE-A62-25-0001' });
    lines[50] = kontorLine({ units: '1,5' });
    lines[60] = kontorLine({ royalties: '' });
    lines[70] = kontorLine({ royalties: '0,1234567890123456' });
    const file = Buffer.from([kontorHeader, ...lines].join('\n'));
    const { id } = await tenant.admin.uploaded(nextUpload(), file);
    const rows = csvRows((await tenant.admin.get(`/royalties/statements/${id}/rejected.csv`)).text);
    expect(rows.map(({ Line, Column }) => `${Line} ${Column}`)).toEqual([
      '12 ',
      '22 ',
      '32 Sales Period',
      '42 ISRC',
      '52 Units',
      '62 Royalties',
      '72 Royalties',
    ]);
    expect(rows.map(({ Raw }) => Raw)).toEqual([10, 20, 30, 40, 50, 60, 70].map((at) => lines[at]));
  });
});

describe('text', () => {
  const text = kontorFile([{ artist: 'Größe Æther', title: 'Été' }]);
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16', utf16],
    ['UTF-16, high byte first', Buffer.from(utf16).swap16()],
    ['Windows-1252', Buffer.from(text, 'latin1')],
  ])('is read from %s', async (_, file) => {
    expect(await tenant.admin.uploaded(nextUpload(), file)).toMatchObject({ state: 'completed' });
    const report = await tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR&size=1');
    const { artists } = await fileTexts(tenant.member, (report.json as [{ id: number }])[0].id);
    expect(csvRows(artists)).toMatchObject([{ Artist: 'Größe Æther' }]);
  });

  it('that is partly in another encoding loses the lines that are, and no others', async () => {
    const lines = Array.from({ length: 40 }, () => Buffer.from(`${kontorLine({ artist: 'Größe' })}\n`));
    lines[7] = Buffer.from(`${kontorLine({ artist: 'Größe' })}\n`, 'latin1');
    const file = Buffer.concat([Buffer.from(`${kontorHeader}\n`), ...lines]);
    const { id, ...statement } = await tenant.admin.uploaded(nextUpload(), file);
    expect(statement).toMatchObject({ state: 'completed', lines: { read: 40, accepted: 39, rejected: 1 } });
    const [row] = csvRows((await tenant.admin.get(`/royalties/statements/${id}/rejected.csv`)).text);
    expect(row).toMatchObject({ Line: '9', Reason: expect.stringContaining('UTF-8') });
  });

  it('is a statement whatever the request calls it', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const { status, json } = await tenant.admin.upload(nextUpload(), good, headers);
    expect(status).toBe(202);
    expect(await tenant.admin.settled((json as { id: number }).id)).toMatchObject({ state: 'completed' });
  });
});
