import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '@countinghouse/contracts';
import { multipartFile } from './multipart-file.js';

type Bytes = AsyncIterable<Uint8Array>;

const fieldName = 'file';

/**
 * The file that a request brings: its body, or the field `file` of a multipart body, freed of a content encoding.
 *
 * The request is left open when reading stops early, since it still wants its answer.
 *
 * @throws DomainError `bad_request` or `too_large`, while it is read
 */
export function sentFile(message: IncomingMessage, maxBytes: number): Bytes {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = message.headers;
  const sent = bytesOf(message);
  const body = /^(x-)?gzip$/i.test(encoding) ? gunzipped(sent) : sent;
  const [, quoted, plain] =
    /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/is.exec(type) ?? [];
  const boundary = quoted ?? plain;
  return neitherEmptyNorLarger(boundary === undefined ? body : multipartFile(body, boundary, fieldName), maxBytes);
}

/** However reading ends, by an error as well, the request itself is not destroyed. */
async function* bytesOf(message: IncomingMessage): Bytes {
  for await (const chunk of message.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
}

async function* neitherEmptyNorLarger(file: Bytes, maxBytes: number): Bytes {
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new DomainError('too_large', `The file may have at most ${maxBytes} bytes`);
    yield chunk;
  }
  if (bytes === 0) throw new DomainError('bad_request', 'The body must be the file; it is empty');
}

async function* gunzipped(sent: Bytes): Bytes {
  try {
    yield* pipeline(Readable.from(sent), createGunzip(), () => {}) as Bytes;
  } catch (error) {
    const damaged = String((error as { code?: unknown } | null)?.code).startsWith('Z_');
    throw damaged ? new DomainError('bad_request', 'The body is not gzip, as its Content-Encoding says') : error;
  }
}
