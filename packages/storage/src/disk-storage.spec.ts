import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pbkdf2 } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { piecesOf, writeWhole } from './durable-file.js';
import type { ObjectStorage } from './object-storage.js';
import { openStorage } from './open-storage.js';

let root: string;
let storage: ObjectStorage;

const open = () =>
  openStorage({ kind: 'disk', folder: root }, { signingKey: 'of the tests', publicUrl: 'http://localhost:8080' });
const unfinished = () => readdir(join(root, '.unfinished'));
const contentOf = async (key: string) => text((await storage.open(key)).stream);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage über-'));
  storage = await open();
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('replaces an object at once, and whoever reads the old one reads it to its end', async () => {
  await storage.put('key', Buffer.from('old'));
  const { stream } = await storage.open('key');
  await storage.put('key', Buffer.from('new'));
  expect(await text(stream)).toBe('old');
  expect(await contentOf('key')).toBe('new');
});

it('leaves nothing of a stream that breaks off, and the old object as it was', async () => {
  await storage.put('key', Buffer.from('old'));
  const upload = new PassThrough();
  upload.write('half');
  const stored = storage.put('key', upload);
  while ((await unfinished()).length === 0);
  upload.destroy(new Error('connection lost'));
  await expect(stored).rejects.toThrow('connection lost');
  expect(await contentOf('key')).toBe('old');
  expect(await unfinished()).toEqual([]);
});

it('leaves nothing of streams that break off at once, however busy the machine is', async () => {
  async function* breaksOff() {
    yield 'half';
    throw new Error('connection lost');
  }
  const calm = new AbortController();
  const keepBusy = async () => {
    while (!calm.signal.aborted) await promisify(pbkdf2)('', '', 1_000, 32, 'sha256');
  };
  const busy = Promise.all(Array.from({ length: 6 }, keepBusy));
  for (let round = 0; round < 50; round++) {
    const broken = Array.from({ length: 20 }, () => Readable.from(breaksOff()));
    await Promise.allSettled(broken.map((upload) => storage.put('key', upload)));
    expect(await unfinished()).toEqual([]);
  }
  calm.abort();
  await busy;
}, 30_000);

it('keeps the last of many writers at the same key, whole', async () => {
  const contents = Array.from({ length: 20 }, (_, at) => String(at).repeat(100_000));
  await Promise.all(contents.map((content) => storage.put('key', Buffer.from(content))));
  expect(contents).toContain(await contentOf('key'));
});

it('tells a full disk apart, and leaves the stream open for whoever owns it', async () => {
  const upload = createReadStream('/dev/zero', { end: 1_000_000 });
  await expect(writeWhole('/dev/full', piecesOf(upload))).rejects.toMatchObject({
    reply: { code: 'insufficient_storage' },
    cause: { code: 'ENOSPC' },
  });
  expect(upload.destroyed).toBe(false);
  upload.destroy();
});

it('takes a file over from another file system', async () => {
  const elsewhere = await mkdtemp('/dev/shm/storage-');
  try {
    expect((await stat(elsewhere)).dev).not.toBe((await stat(root)).dev);
    await writeFile(join(elsewhere, 'lines'), 'lines');
    await storage.putFile('lines', join(elsewhere, 'lines'));
    expect(await contentOf('lines')).toBe('lines');
    expect(await readdir(elsewhere)).toEqual([]);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

it('removes at start what a killed writer left a day ago, and nothing that may still be written', async () => {
  const left = join(root, '.unfinished');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'old'), 'x');
  await writeFile(join(left, 'young'), 'x');
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(left, 'old'), yesterday, yesterday);
  await open();
  expect(await unfinished()).toEqual(['young']);
});

it('signs addresses that lead back to the key', async () => {
  const now = new Date();
  const url = new URL(await storage.sign('reports/1_full.csv', { expiresInSeconds: 3600, now }));
  expect(url.origin).toBe('http://localhost:8080');
  expect(storage.verify(url.pathname + url.search, now)).toBe('reports/1_full.csv');
});
