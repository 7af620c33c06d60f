import { describe, expect, it } from '@jest/globals';
import { deflateRawSync, crc32, gzipSync } from 'node:zlib';
import { unpacked } from './unpacked.js';

const statement = Buffer.from('Sales Period;Store\r\n'.repeat(20_000));

async function* inPieces(file: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

const unpack = async (file: Uint8Array, size = 1000): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unpacked(inPieces(file, size))) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** A zip file as a streaming writer makes it: sizes and checksum only after the data. */
const zipOf = (files: Record<string, Uint8Array>, { flags = 8, method = 8, comment = '' } = {}): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    const descriptor = Buffer.alloc(16);
    descriptor.write('PK\x07\x08', 'latin1');
    descriptor.writeUInt32LE(crc32(content), 4);
    const central = Buffer.alloc(46);
    central.write('PK\x01\x02', 'latin1');
    central.writeUInt32LE(crc32(content), 16);
    central.writeUInt16LE(name.length, 28);
    parts.push(local, Buffer.from(name), packed, descriptor);
    directory.push(central, Buffer.from(name));
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, ...directory, end, Buffer.from(comment)]);
};

/** Forty lines, packed with Info-ZIP 3.0. */
const zippedByInfoZip = Buffer.from(
  'UEsDBBQAAAAIABZvdF2XGyX/PAAAAF0EAAANABwAc3RhdGVtZW50LmNzdlVUCQADnFEAa5xRAGt1eAsAAQQAAAAABAAAAAALTsxJ' +
    'LVYISC3KzE+xDi7JL0rl5TIyMDI1sLB2Sk0sKcgvKsEQsHZxtTY00jMwMDYZlRqVGpUalcIuBQBQSwECHgMUAAAACAAWb3Rdlxsl' +
    '/zwAAABdBAAADQAYAAAAAAABAAAApIEAAAAAc3RhdGVtZW50LmNzdlVUBQADnFEAa3V4CwABBAAAAAAEAAAAAFBLBQYAAAAAAQAB' +
    'AFMAAACDAAAAAAA=',
  'base64',
);

/** One line, by the "zipfile" of Python 3.11, which packs nothing unless told to. */
const storedByPython = Buffer.from(
  'UEsDBBQAAAAAAAAAdF30QVLfEQAAABEAAAAFAAAAYS5jc3YyMDI1MDg7QmVhdHBvcnQNClBLAQIUAxQAAAAAAAAAdF30QVLfEQAA' +
    'ABEAAAAFAAAAAAAAAAAAAACAAQAAAABhLmNzdlBLBQYAAAAAAQABADMAAAA0AAAAAAA=',
  'base64',
);

describe('what is in a file', () => {
  it.each([
    ['plain', statement],
    ['empty', Buffer.alloc(0)],
    ['shorter than any signature', Buffer.from('a')],
    ['text that begins like a zip', Buffer.from('PK;label\r\n')],
  ])('is the file itself when it is %s', async (_, file) => {
    expect(await unpack(file)).toEqual(file);
  });

  it.each([1, 7, 1000, 1_000_000])('is unpacked from gzip and zip that come in pieces of %d bytes', async (size) => {
    const small = statement.subarray(0, 5000);
    expect(await unpack(gzipSync(small), size)).toEqual(small);
    expect(await unpack(zipOf({ 'a.csv': small }), size)).toEqual(small);
  });

  it('is unpacked from what gzip appends to a file that is gzip already', async () => {
    expect((await unpack(Buffer.concat([gzipSync('a'), gzipSync('b')]))).toString()).toBe('ab');
  });

  it('is unpacked from a zip file of the usual program', async () => {
    const text = (await unpack(zippedByInfoZip)).toString();
    expect(text).toBe(`Sales Period;Store\r\n202508;Beatport\r\n${'202508;Beatport;DE;12.0034\n'.repeat(40)}`);
  });

  it.each([1, 7, 1000])('is taken out of a zip file that does not pack it, in pieces of %d bytes', async (size) => {
    expect((await unpack(storedByPython, size)).toString()).toBe('202508;Beatport\r\n');
    await expect(unpack(storedByPython.subarray(0, 45), size)).rejects.toThrow('damaged or cut short');
  });

  it('is unpacked from a zip file that ends with a comment', async () => {
    expect(await unpack(zipOf({ 'a.csv': statement }, { comment: 'x'.repeat(60_000) }))).toEqual(statement);
  });

  it.each([
    ['no file in it', zipOf({}), 'is empty; it must hold exactly one file'],
    ['several files', zipOf({ 'a.csv': statement, 'b.csv': statement }), 'holds 2 files; it must hold exactly one'],
    ['a password', zipOf({ 'a.csv': statement }, { flags: 1 }), 'encrypted'],
    ['another way of packing', zipOf({ 'a.csv': statement }, { method: 12 }), 'not packed in the usual way'],
    ['a zip file cut short', zipOf({ 'a.csv': statement }).subarray(0, 100), 'damaged or cut short'],
    ['a zip file without its end', zipOf({ 'a.csv': statement }).subarray(0, -22), 'damaged or cut short'],
    ['a gzip file cut short', gzipSync(statement).subarray(0, 100), 'damaged or cut short'],
    ['a gzip file with a wrong byte', gzipSync(statement).fill(0xff, 200, 210), 'damaged or cut short'],
  ])('is refused with %s', async (_, file, complaint) => {
    await expect(unpack(file)).rejects.toThrow(complaint);
  });

  it('is refused when it is not what the zip file says of it', async () => {
    const zip = zipOf({ 'a.csv': statement });
    zip.writeUInt32LE(1, zip.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 16);
    await expect(unpack(zip)).rejects.toThrow('damaged');
  });

  it('passes on what breaks the file off', async () => {
    async function* broken() {
      yield gzipSync(statement).subarray(0, 50);
      throw new Error('connection lost');
    }
    const reading = async () => {
      for await (const _ of unpacked(broken()));
    };
    await expect(reading()).rejects.toThrow('connection lost');
  });
});
