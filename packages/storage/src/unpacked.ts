import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { ByteReader } from './byte-reader.js';

/** A file that is packed in a way that cannot be unpacked here; the message says what would be right. */
export class NotUnpackable extends Error {
  override readonly name = 'NotUnpackable';
}

type Bytes = AsyncIterable<Uint8Array>;

/** Whether a file that begins with these bytes (four are enough) is packed. */
export const isPacked = (start: Buffer): boolean => isZip(start) || isGzip(start);

const isZip = (start: Buffer): boolean => start.toString('latin1', 0, 4) === 'PK\x03\x04' || isEmptyZip(start);
/** An archive without any file has nothing but its end. */
const isEmptyZip = (start: Buffer): boolean => start.toString('latin1', 0, 4) === 'PK\x05\x06';
const isGzip = (start: Buffer): boolean => start.toString('latin1', 0, 2) === '\x1f\x8b';

/**
 * What is in a file: a `.gz` and a single-file `.zip`, recognised by their first bytes, are unpacked as they are read,
 * and anything else comes as it is. The file is always read to its end.
 *
 * @throws NotUnpackable for an archive that is damaged, holds several files, or is packed in another way
 */
export async function* unpacked(file: Bytes): AsyncGenerator<Uint8Array> {
  const bytes = new ByteReader(file);
  const start = await bytes.peek(4);
  if (isZip(start)) yield* unzipped(bytes);
  else if (isGzip(start)) yield* through(createGunzip(), bytes.rest());
  else yield* bytes.rest();
}

const stored = 0;
const deflated = 8;
const encrypted = 1;
/** The size stands behind the bytes, and in front of them is none. */
const sizeFollows = 8;
/** In place of a size that needs more than 32 bits. */
const isElsewhere = 0xffffffff;

/** A local file header, the file, then the central directory, which says how many there are (APPNOTE.TXT 6.3.10, 4.3). */
async function* unzipped(bytes: ByteReader): AsyncGenerator<Uint8Array> {
  const header = await bytes.peek(30);
  if (isEmptyZip(header)) throw new NotUnpackable('The zip file is empty; it must hold exactly one file');
  if (header.length < 30) throw damaged();
  const [flags, method, size] = [header.readUInt16LE(6), header.readUInt16LE(8), header.readUInt32LE(18)];
  if (flags & encrypted) throw new NotUnpackable('The zip file is encrypted; upload it without a password');
  const isStored = method === stored && !(flags & sizeFollows) && size !== isElsewhere;
  if (method !== deflated && !isStored) {
    throw new NotUnpackable(
      'The zip file is not packed in the usual way (deflate); pack it again, or upload what is in it',
    );
  }
  await bytes.skip(30 + header.readUInt16LE(26) + header.readUInt16LE(28));
  const tail = new Tail();
  const packed = tail.seeing(bytes.rest());
  let checksum = 0;
  for await (const chunk of isStored ? firstBytes(packed, size) : through(createInflateRaw(), packed)) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  const { files, checksum: expected } = tail.centralDirectory();
  if (files !== 1) throw new NotUnpackable(`The zip file holds ${files} files; it must hold exactly one`);
  if (checksum !== expected) throw damaged();
}

/** Also reads what follows them. */
async function* firstBytes(source: Bytes, length: number): AsyncGenerator<Uint8Array> {
  let missing = length;
  for await (const chunk of source) {
    if (missing > 0) yield chunk.subarray(0, missing);
    missing = Math.max(0, missing - chunk.length);
  }
  if (missing > 0) throw damaged();
}

/** Also reads what follows the packed bytes, which the decoder leaves alone. */
async function* through(decoder: Transform, packed: Bytes): AsyncGenerator<Uint8Array> {
  const fed = pipeline(Readable.from(packed), decoder);
  fed.catch(() => {}); // the decoder says it too
  try {
    yield* decoder.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    await fed;
  } catch (error) {
    throw isZlibError(error) ? damaged(error) : error;
  } finally {
    decoder.destroy();
  }
}

/** The end of a zip file, where its central directory is. */
class Tail {
  private bytes = Buffer.alloc(0);

  async *seeing(source: Bytes): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.bytes = Buffer.concat([this.bytes, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
      yield chunk;
    }
  }

  centralDirectory(): { files: number; checksum: number } {
    const end = this.bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
    const lastFile = end < 0 ? -1 : this.bytes.lastIndexOf('PK\x01\x02', end, 'latin1');
    if (lastFile < 0 || end + 12 > this.bytes.length) throw damaged();
    return { files: this.bytes.readUInt16LE(end + 10), checksum: this.bytes.readUInt32LE(lastFile + 16) };
  }
}

/** The longest comment that a zip file may end with, and a generous name of the file in it. */
const tailBytes = 2 ** 16 + 2 ** 12;

const damaged = (cause?: unknown) =>
  new NotUnpackable('The packed file is damaged or cut short; upload it again', { cause });

const isZlibError = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith('Z_');
