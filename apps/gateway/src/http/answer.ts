import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest, preSerializationHookHandler } from 'fastify';
import type { Answered } from './asks.js';

const asItIs = (text: string): string => text;

/**
 * Writes what a controller returned, by its route's writer. A hook of Fastify rather than an interceptor of Nest: it
 * costs nothing beyond the writing.
 */
export const writeAnswer: preSerializationHookHandler<Answered<unknown>> = (request, reply, answered, done) => {
  const { route } = request.routeOptions.config;
  if (!route) return done(null, answered);
  if (answered.replayed) void reply.header('idempotency-replayed', 'true');
  const text = route.write(answered as never);
  reply.serializer(asItIs);
  done(null, route.etag ? unlessKnown(request, reply, text) : text);
};

/** Nothing at all for a caller who has these very bytes already. */
const unlessKnown = (request: FastifyRequest, reply: FastifyReply, text: string): string | null =>
  isKnown(request, reply, etagOf(text)) ? null : text;

/** The ETag of an answer that is this text, or that this text alone decides. */
export const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 27)}"`;

/** Names the answer, and makes it a 304 without a body when its caller has the answer of that name. */
export function isKnown({ headers }: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.header('etag', etag).header('cache-control', 'private, no-cache');
  const known = matches(headers['if-none-match'], etag);
  if (known) void reply.code(304).removeHeader('content-type');
  return known;
}

/** RFC 9110, 13.1.2: compared weakly, since a proxy may have weakened it. */
const matches = (sent: string | undefined, etag: string): boolean =>
  sent !== undefined && (sent.trim() === '*' || sent.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));
