import { STATUS_CODES } from 'node:http';
import { DomainError, errorStatus, type ErrorReply } from '@countinghouse/contracts';
import { logger } from '@countinghouse/service/process';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Refusal } from './refusal.dto.js';

export const invalidToken = (): DomainError => new DomainError('unauthorized', 'Invalid token');

/** Answers a request with what went wrong, in the one shape that all refusals have. */
export function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { code, message, description, details, retryAfterSeconds } = refusalOf(error, request);
  const statusCode = errorStatus[code];
  if (statusCode === 401) void reply.header('www-authenticate', schemeOf(request));
  if (statusCode === 503 || statusCode === 429) void reply.header('retry-after', retryAfterSeconds ?? 1);
  const refusal: Refusal = {
    statusCode,
    message,
    error: STATUS_CODES[statusCode] ?? 'Error',
    requestId: request.id,
    ...(description !== undefined && { description }),
    ...(details !== undefined && { details }),
  };
  // Fastify would close the connection after a broken body, and lose the answer with it; see `discardRest`.
  reply.removeHeader('connection');
  // Sent as text, so that it is not taken for what a controller returned.
  return reply.code(statusCode).type('application/json; charset=utf-8').send(JSON.stringify(refusal));
}

/** The way the caller tried to name themselves (RFC 6749, 5.2), else the one we want. */
const schemeOf = ({ headers }: FastifyRequest): string =>
  /^basic /i.test(headers.authorization ?? '') ? 'Basic' : 'Bearer';

/** What the caller may know of an error: a refusal as it is, of anything else only that it happened. */
function refusalOf(error: unknown, request: FastifyRequest): ErrorReply {
  if (error instanceof DomainError) {
    if (error.cause) logger().warn({ err: error, requestId: request.id }, 'request refused');
    return error.reply;
  }
  if (request.is404) return { code: 'not_found', message: `There is no ${request.method} ${pathOf(request)}` };
  if (request.raw.destroyed && !request.raw.complete) return { code: 'bad_request', message: 'The request broke off' };
  const known = refusalByStatus[statusOf(error)];
  if (known) return known;
  logger().error({ err: error, requestId: request.id }, 'request failed');
  return { code: 'internal', message: 'Internal server error' };
}

/** Refusals that Fastify and Nest give by themselves. */
const refusalByStatus: Record<number, ErrorReply> = {
  400: { code: 'bad_request', message: 'The request is malformed' },
  413: { code: 'too_large', message: 'The body is too large' },
  414: { code: 'not_found', message: 'Not found' },
  415: { code: 'unsupported_media_type', message: 'This kind of body is not accepted here' },
};

const statusOf = (error: unknown): number => {
  const { statusCode, status } = (error ?? {}) as { statusCode?: unknown; status?: unknown };
  return Number(statusCode ?? status);
};

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? url;
