import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isPacked, unpacked } from '@countinghouse/storage';

/** The path of a file's content: of the file itself, or of what is packed in it, unpacked into the folder. */
export async function unpackedCopy(path: string, workDir: string): Promise<string> {
  if (!isPacked(await firstBytes(path))) return path;
  const copy = join(workDir, 'unpacked');
  await pipeline(unpacked(createReadStream(path)), createWriteStream(copy));
  return copy;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
