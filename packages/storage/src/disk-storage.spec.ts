import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pbkdf2 } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeDurably } from './durable-file.js';
import { ObjectMissing, type ObjectStorage, StorageFull } from './object-storage.js';
import { openStorage } from './open-storage.js';

let root: string;
let storage: ObjectStorage;

const open = () =>
  openStorage(pathToFileURL(root).href, { signingKey: 'of the tests', publicUrl: 'http://localhost:8080' });
const unfinished = () => readdir(join(root, '.unfinished'));
const contentOf = async (key: string) => text((await storage.open(key)).stream);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage über-'));
  storage = open();
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('put', () => {
  it('stores bytes and streams of any size as they are', async () => {
    const large = Buffer.alloc(3_000_001, 'Größe; ');
    await expect(
      storage.put('a/b/large.csv', Readable.from([large.subarray(0, 7), large.subarray(7)])),
    ).resolves.toEqual({
      bytes: large.length,
    });
    await expect(storage.put('empty', Buffer.of())).resolves.toEqual({ bytes: 0 });

    const { stream, bytes } = await storage.open('a/b/large.csv');
    expect(bytes).toBe(large.length);
    expect((await buffer(stream)).equals(large)).toBe(true);
    expect(await contentOf('empty')).toBe('');
    expect(await unfinished()).toEqual([]);
  });

  it('shows an object only when it is whole', async () => {
    const upload = new PassThrough();
    upload.write('first half, ');
    const stored = storage.put('slow', upload);
    while ((await unfinished()).length === 0);
    expect(await storage.exists('slow')).toBe(false);
    upload.end('second half');
    await stored;
    expect(await contentOf('slow')).toBe('first half, second half');
  });

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

  it('fails for a stream that was dropped before', async () => {
    const upload = new PassThrough();
    upload.destroy();
    await expect(storage.put('key', upload)).rejects.toThrow();
    expect(await storage.exists('key')).toBe(false);
  });

  it('keeps the last of many writers at the same key, whole', async () => {
    const contents = Array.from({ length: 20 }, (_, at) => String(at).repeat(100_000));
    await Promise.all(contents.map((content) => storage.put('key', Buffer.from(content))));
    expect(contents).toContain(await contentOf('key'));
  });
});

describe('a full disk', () => {
  it('is told apart, and leaves the stream open for whoever owns it', async () => {
    const upload = createReadStream('/dev/zero', { end: 1_000_000 });
    await expect(writeDurably('/dev/full', upload)).rejects.toThrow(StorageFull);
    expect(upload.destroyed).toBe(false);
    upload.destroy();
  });
});

describe('putFile', () => {
  it('takes a local file over', async () => {
    const path = join(root, '.unfinished', 'made by someone else');
    await writeFile(path, 'lines');
    await expect(storage.putFile('statements/12/lines.parquet', path)).resolves.toEqual({ bytes: 5 });
    expect(await contentOf('statements/12/lines.parquet')).toBe('lines');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('takes a file over from another file system', async () => {
    const elsewhere = await mkdtemp('/dev/shm/storage-');
    try {
      expect((await stat(elsewhere)).dev).not.toBe((await stat(root)).dev);
      await writeFile(join(elsewhere, 'lines'), 'lines');
      await expect(storage.putFile('lines', join(elsewhere, 'lines'))).resolves.toEqual({ bytes: 5 });
      expect(await contentOf('lines')).toBe('lines');
      expect(await readdir(elsewhere)).toEqual([]);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });
});

describe('a missing object', () => {
  it.each(['nothing', 'nothing/at/all', 'file/below', 'folder'])('%s is missing for every reader', async (key) => {
    await storage.put('file', Buffer.of());
    await storage.put('folder/object', Buffer.of());
    await expect(storage.open(key)).rejects.toThrow(new ObjectMissing(key));
    await expect(storage.localCopy(key)).rejects.toThrow(new ObjectMissing(key));
    expect(await storage.exists(key)).toBe(false);
  });

  it('may be deleted, as may one that is there', async () => {
    await storage.put('key', Buffer.of());
    await storage.delete('key');
    await storage.delete('key');
    expect(await storage.exists('key')).toBe(false);
  });
});

it('lends the file itself as local copy', async () => {
  await storage.put('a/key.parquet', Buffer.from('lines'));
  const copy = await storage.localCopy('a/key.parquet');
  expect(await readFile(copy.path, 'utf8')).toBe('lines');
  await copy.release();
  expect(await storage.exists('a/key.parquet')).toBe(true);
});

it.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../x',
  'a/..',
  './a',
  'a/./b',
  'a//b',
  'a/',
  '.unfinished/x',
  'a/.hidden',
  'a\\b',
  'a\0b',
  'a b',
  'a\n',
  'ü',
  '%2e%2e/x',
  'a?b',
  'a:b',
  'x'.repeat(201),
  'x/'.repeat(250) + 'x',
])('refuses %j, which is no key', async (key) => {
  for (const call of [() => storage.put(key, Buffer.of()), () => storage.open(key), () => storage.localCopy(key)])
    await expect(call()).rejects.toThrow(RangeError);
  await expect(storage.delete(key)).rejects.toThrow(RangeError);
  await expect(storage.putFile(key, join(root, 'x'))).rejects.toThrow(RangeError);
  expect(await readdir(root)).toEqual(['.unfinished']);
});

it('removes at start what a killed writer left a day ago, and nothing that may still be written', async () => {
  const left = join(root, '.unfinished');
  await mkdir(left, { recursive: true });
  await writeFile(join(left, 'old'), 'x');
  await writeFile(join(left, 'young'), 'x');
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(left, 'old'), yesterday, yesterday);
  open();
  expect(await unfinished()).toEqual(['young']);
});

it('signs addresses that lead back to the key', async () => {
  const now = new Date();
  const url = new URL(await storage.sign('reports/1_full.csv', { expiresInSeconds: 3600, now }));
  expect(url.origin).toBe('http://localhost:8080');
  expect(storage.verify(url.pathname + url.search, now)).toBe('reports/1_full.csv');
});

it.each(['s3://bucket', 'file://relative', '/srv/files', ''])('says what STORAGE_URL must be instead of %j', (url) => {
  expect(() => openStorage(url, { signingKey: 'k', publicUrl: 'http://x' })).toThrow(
    `STORAGE_URL must be file:///an/absolute/folder, not ${url}`,
  );
});
