import { type TestS3, testS3 } from '@countinghouse/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ObjectStorage } from './object-storage.js';
import { openStorage } from './open-storage.js';
import { storageUrl } from './storage-url.js';

let s3: TestS3;
let storage: ObjectStorage;
let workDir: string;

const open = (url = s3.url) =>
  openStorage(storageUrl.parse(url), { signingKey: 'unused', publicUrl: 'http://localhost:8080', workDir });
const unavailable = { reply: { code: 'unavailable', retryAfterSeconds: 2 } };
const large = Buffer.alloc(20_000_000, 'lines ');

beforeEach(async () => {
  s3 = await testS3();
  Object.assign(process.env, s3.credentials);
  workDir = await mkdtemp(join(tmpdir(), 's3-work-'));
  storage = await open();
});
afterEach(() => Promise.all([s3.stop(), rm(workDir, { recursive: true })]));

describe('a signed address', () => {
  const hour = { expiresInSeconds: 3_600, now: new Date() };

  beforeEach(() => storage.put('1/reports/7289_labels.csv', Buffer.from('Label,Royalties\r\n')));

  it('leads to the object and the name it is saved under', async () => {
    const answer = await fetch(await storage.sign('1/reports/7289_labels.csv', hour));
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="7289_labels.csv"',
      'content-length': '17',
    });
    expect(await answer.text()).toBe('Label,Royalties\r\n');
  });

  it('begins with the address that people know', async () => {
    const outside = await open(`${s3.url}&publicEndpoint=https://files.finance.example`);
    expect(await outside.sign('1/reports/7289_labels.csv', hour)).toMatch(
      /^https:\/\/files\.finance\.example\/test-bucket\/1\/reports\/7289_labels\.csv\?/,
    );
  });

  it('is good until it expires', async () => {
    const signedBefore = (seconds: number) =>
      storage.sign('1/reports/7289_labels.csv', { ...hour, now: new Date(Date.now() - seconds * 1_000) });
    expect((await fetch(await signedBefore(3_000))).status).toBe(200);
    expect((await fetch(await signedBefore(3_601))).status).toBe(403);
  });

  it.each([
    ['another object', (url: string) => url.replace('7289', '7290')],
    ['a later date', (url: string) => url.replace('X-Amz-Expires=3600', 'X-Amz-Expires=7200')],
    ['another name', (url: string) => url.replace('7289_labels.csv%22', 'labels.exe%22')],
    ['another parameter', (url: string) => `${url}&response-cache-control=no-cache`],
    ['another signature', (url: string) => url.replace(/(X-Amz-Signature=).{4}/, '$10000')],
  ])('is refused with %s', async (_, change) => {
    const url = await storage.sign('1/reports/7289_labels.csv', hour);
    expect(change(url)).not.toBe(url);
    expect((await fetch(change(url))).status).toBe(403);
  });

  it('is none of the gateway to serve', async () => {
    const { pathname, search } = new URL(await storage.sign('1/reports/7289_labels.csv', hour));
    expect(storage.verify(pathname + search, new Date())).toBeNull();
  });
});

describe('a store that goes away', () => {
  it('is unavailable for every call, and is used again when it is back', async () => {
    await storage.put('key', Buffer.from('old'));
    await s3.kill();
    for (const call of [
      storage.put('key', Buffer.from('new')),
      storage.put('key', Readable.from([large])),
      storage.open('key'),
      storage.localCopy('key'),
      storage.exists('key'),
      storage.delete('key'),
    ])
      await expect(call).rejects.toMatchObject(unavailable);
    await s3.start();
    const { stream } = await storage.open('key');
    expect((await buffer(stream)).toString()).toBe('old');
  });

  it('in the middle of an upload stores nothing', async () => {
    async function* interrupted() {
      yield large;
      await s3.kill();
      yield large;
    }
    const source = Readable.from(interrupted());
    await expect(storage.put('key', source)).rejects.toMatchObject(unavailable);
    await s3.start();
    expect(await storage.exists('key')).toBe(false);
  });

  it('in the middle of a local copy leaves no half of it', async () => {
    await storage.put('key', large);
    s3.interfere(({ method }, response) => {
      if (method !== 'GET') return false;
      response
        .writeHead(200, { 'content-length': large.length })
        .write(large.subarray(0, 100_000), () => response.destroy());
      return true;
    });
    await expect(storage.localCopy('key')).rejects.toMatchObject(unavailable);
    expect(await readdir(workDir)).toEqual([]);
  });

  it('does not keep a process from starting when it takes a call and never answers', async () => {
    s3.interfere(() => true);
    const early = await open();
    s3.interfere(() => false);
    expect(await early.exists('key')).toBe(false);
  });

  it('may be away when a process starts', async () => {
    await s3.kill();
    const early = await open();
    await s3.start();
    await early.put('key', Buffer.from('content'));
    expect(await early.exists('key')).toBe(true);
  });
});

describe('a store that is full', () => {
  it.each([
    [507, 'InsufficientStorage'],
    [507, 'XMinioStorageFull'],
    [403, 'QuotaExceeded'],
    [400, 'EntityTooLarge'],
  ])('says %d %s, and keeps nothing', async (statusCode, code) => {
    s3.interfere(({ url }, response) => {
      if (!url?.includes('partNumber=2') && !url?.includes('small')) return false;
      response.writeHead(statusCode).end(`<Error><Code>${code}</Code></Error>`);
      return true;
    });
    const upload = Readable.from([large]);
    for (const stored of [storage.put('small', Buffer.from('x')), storage.put('large', upload)])
      await expect(stored).rejects.toMatchObject({ reply: { code: 'insufficient_storage' }, cause: { name: code } });
    expect(await storage.exists('large')).toBe(false);
    expect(await s3.unfinished()).toEqual([]);
  });
});

it('asks again when the store is busy for a moment', async () => {
  let asked = 0;
  s3.interfere(({ method }, response) => {
    if (method !== 'PUT' || (asked += 1) > 2) return false;
    response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
    return true;
  });
  await storage.put('key', Buffer.from('content'));
  expect(asked).toBe(3);
});

it('leaves a stream open that it could not store', async () => {
  await s3.kill();
  const upload = Readable.from([large, large, large, large]);
  await expect(storage.put('key', upload)).rejects.toMatchObject(unavailable);
  expect(upload.destroyed).toBe(false);
  upload.destroy();
});

describe('at start', () => {
  it('says that a bucket does not exist', async () => {
    await expect(open(s3.url.replace('test-bucket', 'another-bucket'))).rejects.toThrow(
      'STORAGE_URL names the bucket another-bucket, which does not exist',
    );
  });

  it.each([401, 403])('says that the credentials are refused with %d', async (statusCode) => {
    s3.interfere((_, response) => {
      response.writeHead(statusCode).end();
      return true;
    });
    await expect(open()).rejects.toThrow('STORAGE_URL names the bucket test-bucket, which refuses these credentials');
  });

  it('says that there are no credentials', async () => {
    for (const name of Object.keys(s3.credentials)) delete process.env[name];
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null';
    await expect(open()).rejects.toThrow('no credentials for it; expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });
});
