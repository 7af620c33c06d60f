import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { DomainError } from '@countinghouse/contracts';
import { NotUnpackable, unpacked } from '@countinghouse/storage';

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Passes a file on unchanged and takes the SHA-256 of what is in it on the way: packed or not, the same statement is
 * the same file. The content ends with an error when the file cannot be unpacked, so that it is not stored.
 */
export function fingerprinted(file: Bytes, maxUnpackedBytes: number): { content: Bytes; sha256: Promise<string> } {
  const copy = new PassThrough();
  const sha256 = sha256Of(unpacked(copy), maxUnpackedBytes);
  sha256.catch(() => {}); // the content says it
  copy.on('error', () => {}); // whoever broke off says it
  async function* content(): Bytes {
    try {
      for await (const chunk of file) {
        if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), sha256]);
        yield chunk;
      }
      copy.end();
      await sha256;
    } finally {
      copy.destroy();
    }
  }
  return { content: content(), sha256 };
}

async function sha256Of(content: Bytes, maxBytes: number): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        throw new DomainError('too_large', `What is in the file may have at most ${maxBytes} bytes`);
      hash.update(chunk);
    }
  } catch (error) {
    throw error instanceof NotUnpackable ? new DomainError('bad_request', error.message) : error;
  }
  return hash.digest('hex');
}
