import { testS3 } from '@countinghouse/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { forEach } from './for-each.js';
import { ObjectMissing, type ObjectStorage } from './object-storage.js';
import { openStorage } from './open-storage.js';
import { storageUrl } from './storage-url.js';

interface Place {
  url: string;
  /** What is being written, or was left behind by a writer. */
  unfinished(): Promise<string[]>;
  remove(): Promise<void>;
}

async function folder(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'storage über-'));
  return {
    url: pathToFileURL(root).href,
    unfinished: () => readdir(join(root, '.unfinished')),
    remove: () => rm(root, { recursive: true }),
  };
}

async function bucket(): Promise<Place> {
  const s3 = await testS3();
  Object.assign(process.env, s3.credentials);
  return { url: s3.url.replace('?', '/some/prefix?'), unfinished: () => s3.unfinished(), remove: () => s3.stop() };
}

describe.each([
  ['a folder', folder],
  ['a bucket', bucket],
])('%s', (_, make) => {
  let place: Place;
  let storage: ObjectStorage;
  let workDir: string;
  const contentOf = async (key: string) => text((await storage.open(key)).stream);
  const listed = async (folder: string) => {
    const keys: string[] = [];
    for await (const key of storage.list(folder)) keys.push(key);
    return keys;
  };
  const underWay = async () => {
    while ((await place.unfinished()).length === 0) await delay(5);
  };

  beforeAll(async () => {
    place = await make();
    workDir = await mkdtemp(join(tmpdir(), 'storage-work-'));
    const options = { signingKey: 'of the tests', publicUrl: 'http://localhost:8080', workDir };
    storage = await openStorage(storageUrl.parse(place.url), options);
  });
  afterAll(() => Promise.all([place.remove(), rm(workDir, { recursive: true })]));
  afterEach(async () => {
    expect(await place.unfinished()).toEqual([]);
    expect(await readdir(workDir)).toEqual([]);
  });

  it.each([0, 1, 3_000_001, 8 * 2 ** 20, 40_000_001])(
    'stores streams and bytes as they are, here %d',
    async (length) => {
      const content = Buffer.alloc(length, 'Größe; ');
      const pieces = Array.from({ length: Math.ceil(length / 50_000) }, (_, at) =>
        content.subarray(at * 50_000, (at + 1) * 50_000),
      );
      await expect(storage.put('a/stream.csv', Readable.from(pieces))).resolves.toEqual({ bytes: length });
      await expect(storage.put('a/bytes', content)).resolves.toEqual({ bytes: length });
      for (const key of ['a/stream.csv', 'a/bytes']) {
        const { stream, bytes } = await storage.open(key);
        expect(bytes).toBe(length);
        expect((await buffer(stream)).equals(content)).toBe(true);
      }
    },
  );

  it('stores many objects at the same time', async () => {
    const contents = Array.from({ length: 30 }, (_, at) => String(at).repeat(100_000));
    await Promise.all(contents.map((content, at) => storage.put(`many/${at}`, Buffer.from(content))));
    expect(await Promise.all(contents.map((_, at) => contentOf(`many/${at}`)))).toEqual(contents);
  });

  it('shows an object only when it is whole', async () => {
    const upload = new PassThrough();
    const stored = storage.put('slow', upload);
    upload.write(Buffer.alloc(20_000_000));
    await underWay();
    expect(await storage.exists('slow')).toBe(false);
    upload.end('the end');
    await stored;
    expect((await contentOf('slow')).slice(20_000_000)).toBe('the end');
  });

  it('leaves nothing of a stream that breaks off, and says why it did', async () => {
    const upload = new PassThrough();
    const stored = storage.put('broken', upload);
    upload.write(Buffer.alloc(20_000_000));
    await underWay();
    upload.destroy(new Error('connection lost'));
    await expect(stored).rejects.toThrow('connection lost');
    expect(await storage.exists('broken')).toBe(false);
  });

  it('fails for a stream that was dropped before', async () => {
    const upload = new PassThrough();
    upload.destroy();
    await expect(storage.put('dropped', upload)).rejects.toThrow();
    expect(await storage.exists('dropped')).toBe(false);
  });

  it('takes a local file over', async () => {
    const path = join(workDir, 'made by someone else');
    await writeFile(path, 'lines');
    await storage.putFile('statements/12/lines.parquet', path);
    expect(await contentOf('statements/12/lines.parquet')).toBe('lines');
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('takes many local files over', async () => {
    const files = Array.from({ length: 100 }, (_, at) => ({
      key: `reports/${at % 7}/${at}_labels.csv`,
      path: join(workDir, `${at}`),
    }));
    await Promise.all(files.map(({ key, path }) => writeFile(path, key)));
    await storage.putFiles(files);
    expect(await Promise.all(files.map(({ key }) => contentOf(key)))).toEqual(files.map(({ key }) => key));
    await storage.putFiles([]);
  });

  it('fails when one of the files is not there', async () => {
    await writeFile(join(workDir, 'there'), 'lines');
    const files = ['there', 'nothing'].map((key) => ({ key, path: join(workDir, key) }));
    await expect(storage.putFiles(files)).rejects.toThrow('ENOENT');
    expect(await storage.exists('nothing')).toBe(false);
  });

  it.each(['nothing', 'nothing/at/all', 'file/below', 'folder'])('has no object %s', async (key) => {
    await storage.put('file', Buffer.of());
    await storage.put('folder/object', Buffer.of());
    await expect(storage.open(key)).rejects.toThrow(new ObjectMissing(key));
    await expect(storage.localCopy(key)).rejects.toThrow(new ObjectMissing(key));
    expect(await storage.exists(key)).toBe(false);
  });

  it('deletes what is there, and what is not', async () => {
    await storage.put('key', Buffer.of());
    expect(await storage.exists('key')).toBe(true);
    await storage.delete('key');
    await storage.delete('key');
    expect(await storage.exists('key')).toBe(false);
  });

  it('lists what lies in a folder and below, and nothing else', async () => {
    const keys = Array.from({ length: 1_100 }, (_, at) => `listed/${at % 3}/${at}.csv`);
    await forEach([...keys, 'listed.csv', 'listed-too/1.csv'], (key) => storage.put(key, Buffer.of()));
    expect((await listed('listed')).toSorted()).toEqual(keys.toSorted());
    expect(await listed('listed/1')).toHaveLength(367);
    expect(await listed('listed.csv')).toEqual([]);
    expect(await listed('nothing')).toEqual([]);
  });

  it('lends an object as a local file, and keeps the object', async () => {
    const content = Buffer.alloc(3_000_000, 'lines ');
    await storage.put('a/key.parquet', content);
    const [copy, another] = await Promise.all([storage.localCopy('a/key.parquet'), storage.localCopy('a/key.parquet')]);
    await another.release();
    expect((await readFile(copy.path)).equals(content)).toBe(true);
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
    for (const call of [
      async () => storage.put(key, Buffer.of()),
      async () => storage.putFile(key, join(workDir, 'x')),
      async () => storage.putFiles([{ key, path: join(workDir, 'x') }]),
      async () => storage.open(key),
      async () => storage.localCopy(key),
      async () => storage.exists(key),
      async () => storage.delete(key),
      async () => listed(key),
      async () => storage.sign(key, { expiresInSeconds: 60, now: new Date() }),
    ])
      await expect(call()).rejects.toThrow(RangeError);
  });
});
