import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** The file is no text at all; the message says what it seems to be. */
export class NotTextError extends Error {}

const chunkBytes = 1024 * 1024;

const signatures: readonly [first: string, what: string][] = [
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['25504446', 'a PDF document'],
  ['504b0304', 'a ZIP archive or an Excel workbook'],
  ['d0cf11e0a1b11ae1', 'an old Excel workbook'],
  ['1f8b', 'a gzip archive'],
];

/**
 * The encoding of a text file, from its byte order mark, from the zero bytes of UTF-16 without one, or from all of its
 * bytes: valid UTF-8 is UTF-8, and so is a file with more well-formed multi-byte characters than bytes that fit none
 * (its broken lines are told apart later); anything else is Windows-1252, which contains ISO-8859-1's letters.
 * Throws `NotTextError` for images, archives and other binary files.
 */
export async function detectEncoding(path: string): Promise<Encoding> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return encodingOfHead(head.subarray(0, bytesRead)) ?? (await encodingOfBytes(path));
  } finally {
    await file.close();
  }
}

function encodingOfHead(head: Buffer): Encoding | null {
  const hex = head.subarray(0, 8).toString('hex');
  if (hex.startsWith('fffe')) return 'utf-16le';
  if (hex.startsWith('feff')) return 'utf-16be';
  const signature = signatures.find(([first]) => hex.startsWith(first));
  if (signature) throw new NotTextError(`The file is ${signature[1]}, not a text file`);
  const zeros = [0, 0];
  let controls = 0;
  for (const [at, byte] of head.entries()) {
    if (byte === 0) zeros[at % 2]! += 1;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls += 1;
  }
  const many = head.length / 8;
  if (zeros[1]! > many && zeros[0]! < zeros[1]! / 8) return 'utf-16le';
  if (zeros[0]! > many && zeros[1]! < zeros[0]! / 8) return 'utf-16be';
  if (controls > head.length / 20) throw new NotTextError('The file is binary, not a text file');
  return hex.startsWith('efbbbf') ? 'utf-8' : null;
}

async function encodingOfBytes(path: string): Promise<Encoding> {
  if (await everyChunk(path, (chunk) => isUtf8(chunk))) return 'utf-8';
  let characters = 0;
  let misfits = 0;
  await everyChunk(path, (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const length = characterLength(chunk, at);
      if (length > 1) characters += 1;
      if (length === 0) misfits += 1;
      at += length || 1;
    }
    return true;
  });
  return characters > misfits ? 'utf-8' : 'windows-1252';
}

/** Calls `test` with consecutive chunks that end between UTF-8 characters, until one fails. */
async function everyChunk(path: string, test: (chunk: Buffer) => boolean): Promise<boolean> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes + 4);
    for (let carried = 0; ; ) {
      const { bytesRead } = await file.read(buffer, carried, chunkBytes);
      const end = carried + bytesRead;
      const complete = bytesRead === 0 ? end : completeUtf8Length(buffer.subarray(0, end));
      if (!test(buffer.subarray(0, complete))) return false;
      if (bytesRead === 0) return true;
      carried = buffer.copy(buffer, 0, complete, end);
    }
  } finally {
    await file.close();
  }
}

/** How many of the bytes can be judged now: all but a last character whose bytes are still to come. */
export function completeUtf8Length(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}

const sequenceLength = (first: number): number => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

/** Bytes of the UTF-8 character that starts at `at`; 0 where none does. */
function characterLength(bytes: Buffer, at: number): number {
  if (bytes[at]! < 0x80) return 1;
  const length = sequenceLength(bytes[at]!);
  return length > 1 && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}

/** Writes a file again as UTF-8 without byte order mark, in constant memory. */
export async function transcodeToUtf8(path: string, encoding: Encoding, target: string): Promise<void> {
  const decoder = new TextDecoder(encoding);
  await using source = await open(path);
  await using copy = await open(target, 'w');
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let bytesRead = 1; bytesRead > 0; ) {
    ({ bytesRead } = await source.read(buffer, 0, chunkBytes));
    await copy.writeFile(decoder.decode(buffer.subarray(0, bytesRead), { stream: bytesRead > 0 }));
  }
}
