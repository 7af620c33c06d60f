import { gzipSync } from 'node:zlib';
import {
  type Answer,
  eventually,
  openTenant,
  type Platform,
  startProduct,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { kontorFile, nextUpload } from './kontor-file.js';

const perMinute = 60;
const maxBytes = 20_000;

let platform: Platform;
let tenant: TestTenant;

beforeAll(async () => {
  platform = await startProduct({
    env: {
      RATE_LIMIT_PER_MINUTE: `${perMinute}`,
      MAX_UPLOAD_BYTES: `${maxBytes}`,
      MAX_UNPACKED_BYTES: `${2 * maxBytes}`,
    },
  });
  tenant = await openTenant(platform);
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

describe('an upload', () => {
  const packed = (lines: number) => gzipSync(kontorFile(Array.from({ length: lines }, () => ({}))));

  it('may not be larger than allowed, as sent and as unpacked', async () => {
    const tooLong = 'x'.repeat(maxBytes + 1);
    const streamed = { 'content-type': 'multipart/form-data; boundary=x' };
    const form = `--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n${tooLong}\r\n--x--`;
    const answers = [
      await tenant.admin.upload(nextUpload(), tooLong),
      await tenant.admin.upload(nextUpload(), form, streamed),
      await tenant.admin.upload(nextUpload(), gzipSync(tooLong), { 'content-encoding': 'gzip' }),
      await tenant.admin.upload(nextUpload(), packed(1_000)),
    ];
    for (const { status, json } of answers) {
      expect([status, json]).toMatchObject([413, { error: 'Payload Too Large' }]);
    }
    expect((await tenant.admin.upload(nextUpload(), packed(100))).status).toBe(202);
  });
});

const current = '/financial/reports/user-reports/current?distributor=KONTOR';

describe('a request that the product cannot answer', () => {
  it('is 503 with a time to wait while the service is away, and 200 again afterwards', async () => {
    await platform.kill('royalties');
    const { status, json, headers } = await tenant.member.get(current);
    expect([status, json]).toMatchObject([503, { statusCode: 503, error: 'Service Unavailable' }]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    await platform.restart('royalties');
    await eventually(async () => expect((await tenant.member.get(current)).status).toBe(200));
  });

  it('is 500 after a defect, and tells nothing of what is inside', async () => {
    const database = await new DataSource({
      type: 'postgres',
      url: platform.ownerDatabaseUrl('royalties'),
    }).initialize();
    await database.query('ALTER TABLE user_report RENAME TO lost');
    const { status, json, headers } = await tenant.member.get(current);
    await database.query('ALTER TABLE lost RENAME TO user_report');
    await database.destroy();
    const requestId = headers.get('x-request-id');
    const [message, error] = ['Internal server error', 'Internal Server Error'];
    expect([status, json]).toEqual([500, { statusCode: 500, message, error, requestId }]);
    expect((await tenant.member.get(current)).status).toBe(200);
  });
});

describe('too many requests', () => {
  it('are refused with the time to wait, and only those of one caller', async () => {
    let refused: Answer | undefined;
    // The limit is per minute of the clock: one of them may end in between.
    for (let sent = 0; sent <= 2 * perMinute && !refused; sent++) {
      const answer = await tenant.member.get(current);
      expect(answer.headers.get('ratelimit-policy')).toBe(`"default";q=${perMinute};w=60`);
      if (answer.status !== 200) refused = answer;
    }
    const message = 'Too many requests, try again later';
    expect([refused?.status, refused?.json]).toMatchObject([
      429,
      { statusCode: 429, message, error: 'Too Many Requests' },
    ]);
    const wait = Number(refused!.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused!.headers.get('ratelimit')).toBe(`"default";r=0;t=${wait}`);
    expect((await tenant.admin.get(current)).status).toBe(200);
  });
});
