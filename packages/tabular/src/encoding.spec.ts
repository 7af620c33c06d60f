import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { completeUtf8Length, detectEncoding, NotTextError, transcodeToUtf8 } from './encoding.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encoding-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: Buffer): Promise<string> {
  const path = join(folder, 'file.csv');
  await writeFile(path, content);
  return path;
}

const utf16 = (text: string, littleEndian: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return littleEndian ? bytes : bytes.swap16();
};
const windows = (text: string) => Buffer.from(text, 'latin1');
const csv = 'Titre;Artiste\nÉté à Köln;Sœur\n';

describe('detectEncoding', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), 'utf-8'],
    ['ASCII', Buffer.from('a;b\n1;2\n'), 'utf-8'],
    ['UTF-8', Buffer.from(csv), 'utf-8'],
    ['UTF-8 with byte order mark', Buffer.from(`\uFEFF${csv}`), 'utf-8'],
    ['UTF-16 LE with byte order mark', utf16(`\uFEFF${csv}`, true), 'utf-16le'],
    ['UTF-16 BE with byte order mark', utf16(`\uFEFF${csv}`, false), 'utf-16be'],
    ['UTF-16 LE without', utf16(csv, true), 'utf-16le'],
    ['UTF-16 BE without', utf16(csv, false), 'utf-16be'],
    ['Windows-1252', windows('Été à Köln;\x80 \x92\n'), 'windows-1252'],
    ['one odd byte in ASCII', windows('caf\xe9;1\n'), 'windows-1252'],
    [
      'a broken byte behind the byte order mark of UTF-8',
      Buffer.concat([Buffer.from('\uFEFFa;b\n'), windows('\xe9')]),
      'utf-8',
    ],
    ['a zero byte in a text', Buffer.from(`${csv}\0`), 'utf-8'],
    ['UTF-8 with a few broken bytes', Buffer.concat([Buffer.from(csv), windows('\xe9;\xff\n')]), 'utf-8'],
  ])('sees %s', async (_, content, encoding) => {
    expect(await detectEncoding(await fileOf(content))).toBe(encoding);
  });

  it('judges all bytes of a file, characters across the edges of its chunks included', async () => {
    const text = Buffer.from('€'.repeat(1_000_000));
    expect(await detectEncoding(await fileOf(text))).toBe('utf-8');
    expect(await detectEncoding(await fileOf(Buffer.concat([Buffer.alloc(2_500_000, 'a'), windows('é')])))).toBe(
      'windows-1252',
    );
  });

  it('takes UTF-8 for broken as long as more characters are whole than not, wherever the edges of its chunks are', async () => {
    const euros = Buffer.from('€'.repeat(400_000));
    const broken = Buffer.alloc(400_000, 0xff);
    expect(await detectEncoding(await fileOf(Buffer.concat([euros, broken])))).toBe('windows-1252');
    expect(await detectEncoding(await fileOf(Buffer.concat([euros, broken.subarray(1)])))).toBe('utf-8');
    expect(await detectEncoding(await fileOf(Buffer.concat([broken.subarray(1), euros])))).toBe('utf-8');
  });

  it.each([
    ['a PNG image', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['a ZIP archive or an Excel workbook', Buffer.from('504b0304140006000800', 'hex')],
    ['a PDF document', Buffer.from('%PDF-1.7\n')],
    ['binary', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256))],
    ['binary', Buffer.alloc(100)],
  ])('refuses %s', async (what, content) => {
    const refusal = detectEncoding(await fileOf(content));
    await expect(refusal).rejects.toThrow(NotTextError);
    await expect(refusal).rejects.toThrow(what);
  });
});

describe('transcodeToUtf8', () => {
  it.each([
    ['utf-16le', utf16(`\uFEFF${csv}😀`, true)],
    ['utf-16be', utf16(`\uFEFF${csv}😀`, false)],
  ] as const)('takes %s for what it says, without the byte order mark', async (encoding, content) => {
    const target = join(folder, 'utf8.csv');
    await transcodeToUtf8(await fileOf(content), encoding, target);
    expect(await readFile(target, 'utf8')).toBe(`${csv}😀`);
  });

  it('knows the letters that Windows has and ISO-8859-1 has not', async () => {
    const target = join(folder, 'utf8.csv');
    await transcodeToUtf8(await fileOf(windows('\x80 \x92 \xe9')), 'windows-1252', target);
    expect(await readFile(target, 'utf8')).toBe('€ ’ é');
  });

  it('keeps characters whole across the edges of its chunks', async () => {
    const text = `a${'😀'.repeat(600_000)}`;
    const target = join(folder, 'utf8.csv');
    await transcodeToUtf8(await fileOf(utf16(text, true)), 'utf-16le', target);
    expect((await readFile(target, 'utf8')) === text).toBe(true);
  });
});

it.each([
  ['', 0],
  ['a', 1],
  ['é', 2],
  ['😀', 4],
])('completeUtf8Length keeps a whole %j and holds a cut one back', (text, length) => {
  const bytes = Buffer.from(text);
  expect(completeUtf8Length(bytes)).toBe(length);
  for (let cut = 1; cut < bytes.length; cut++) expect(completeUtf8Length(bytes.subarray(0, cut))).toBe(0);
});

it('cuts UTF-8 between two characters, wherever it is cut first', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 100 }), (text, cut) => {
      const bytes = Buffer.from(text);
      const length = completeUtf8Length(bytes.subarray(0, cut));
      expect(Math.min(cut, bytes.length) - length).toBeLessThan(4);
      expect(bytes.toString('utf8', 0, length) + bytes.toString('utf8', length)).toBe(text);
    }),
  );
});

it('never holds back more than a character, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const held = bytes.length - completeUtf8Length(Buffer.from(bytes));
      expect(held).toBeGreaterThanOrEqual(0);
      expect(held).toBeLessThan(4);
    }),
  );
});
