import { hash } from 'node:crypto';
import { type Call, DomainError, type Idempotency, type Principal } from '@countinghouse/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressOf } from '../limits/address.js';
import type { VerifiedToken } from '../tokens/verified-token.js';
import { invalidToken } from './refuse.js';
import { traceparentOf } from './request-id.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the body is read; null on public routes. */
    token: VerifiedToken | null;
  }
}

/** What travels with a question besides the question: who asks, under which request id, and whether it may repeat. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Call => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return callOf(request, request.body instanceof Uint8Array ? request.body : null);
});

/** @param sent what an idempotency key stands for: the same key with anything else is refused */
export function callOf(request: FastifyRequest, sent: unknown): Call {
  const { id, headers, token } = request;
  const call: Call = { requestId: id, traceparent: traceparentOf(headers) };
  if (!token) return { ...call, address: addressOf(request.ip) };
  call.principal = token.principal;
  const key = headers['idempotency-key'];
  if (key !== undefined && request.method !== 'GET') call.idempotency = idempotencyOf(request, key, sent);
  return call;
}

/** The caller of a route that needs a token. */
export function principalOf({ principal }: Call): Principal {
  if (!principal) throw invalidToken();
  return principal;
}

function idempotencyOf({ method, url }: FastifyRequest, key: string | string[], sent: unknown): Idempotency {
  if (typeof key !== 'string' || key.length < 1 || key.length > 255) {
    const message = 'Idempotency-Key must have 1 to 255 characters';
    throw new DomainError('bad_request', message, { details: [{ field: 'Idempotency-Key', message }] });
  }
  const bytes = sent instanceof Uint8Array ? sent : JSON.stringify(sent);
  return { key, route: `${method} ${url.split('?', 1)[0]}`, bodyHash: hash('sha256', bytes, 'hex') };
}
