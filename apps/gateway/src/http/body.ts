import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '@countinghouse/contracts';
import { parseJson } from '@countinghouse/money';
import type { FastifyRequest } from 'fastify';
import type { BodyKind } from './route.js';

const kibibyte = 1024;

/** The largest body of each kind; of a file, the configuration says. */
export const bodyLimits: Record<Exclude<BodyKind, 'file'>, number> = {
  none: kibibyte,
  form: 16 * kibibyte,
  // What is asked of a service travels in one message of a mebibyte.
  json: 900 * kibibyte,
};

const slowBodyMs = 15_000;

const tooLarge = () => new DomainError('too_large', 'The body is too large');

/** Fastify's content type parser: bytes of a small body, the stream itself of a file. */
export async function readBody({ routeOptions }: FastifyRequest, stream: IncomingMessage): Promise<unknown> {
  const kind = routeOptions.config.route?.body ?? 'none';
  return kind === 'file' ? stream : await bytesOf(stream, bodyLimits[kind]);
}

/** The whole body, unless it is too large or too slow: a body that trickles in must not hold on to anything. */
async function bytesOf(stream: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const timer = setTimeout(() => stream.destroy(), slowBodyMs);
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}

/**
 * The JSON object in a body.
 *
 * @throws DomainError `bad_request` for anything else, text that is not UTF-8 and numbers that would be rounded included
 */
export function jsonObject(bytes: Buffer | undefined): object {
  if (bytes && !isUtf8(bytes)) throw new DomainError('bad_request', 'The body must be UTF-8');
  const value = parsed(bytes?.toString() ?? '');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DomainError('bad_request', 'The body must be a JSON object');
  }
  return value;
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    throw new DomainError('bad_request', `The body is not the JSON that is expected here: ${(error as Error).message}`);
  }
}

/** The fields of a form body; one that is sent twice becomes an array, which no field accepts. */
export function formObject(bytes: Buffer | undefined): object {
  if (bytes && !isUtf8(bytes)) throw new DomainError('bad_request', 'The body must be UTF-8');
  const fields = new URLSearchParams(bytes?.toString() ?? '');
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}
