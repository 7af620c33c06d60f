import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@countinghouse/contracts';
import type { BodyKind } from './route.js';

const utf8 = String.raw`\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$`;
const acceptedType: Partial<Record<BodyKind, { pattern: RegExp; wanted: string }>> = {
  json: { pattern: new RegExp(`^application/(?:[\\w.+-]+\\+)?json${utf8}`, 'i'), wanted: 'application/json in UTF-8' },
  form: {
    pattern: new RegExp(`^application/x-www-form-urlencoded${utf8}`, 'i'),
    wanted: 'application/x-www-form-urlencoded in UTF-8',
  },
};

/** Encodings that an upload may be packed in on its way. */
const fileEncodings = ['identity', 'gzip', 'x-gzip'];

/**
 * Refuses a body by its headers, before any of it is read.
 *
 * @throws DomainError `unsupported_media_type`, then `too_large`
 */
export function refuseBody(headers: IncomingHttpHeaders, kind: BodyKind, limit: number): void {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) return;
  const accepted = acceptedType[kind];
  if (accepted && !accepted.pattern.test(headers['content-type'] ?? '')) throw unsupported(accepted.wanted);
  const encoding = headers['content-encoding']?.toLowerCase();
  if (encoding !== undefined && !(kind === 'file' ? fileEncodings : ['identity']).includes(encoding)) {
    throw unsupported(kind === 'file' ? 'a body that is plain or gzip-encoded' : 'a body that is not encoded');
  }
  if (Number(length) > limit) throw new DomainError('too_large', `The body may have at most ${limit} bytes`);
}

const unsupported = (wanted: string) => new DomainError('unsupported_media_type', `Expected ${wanted}`);
