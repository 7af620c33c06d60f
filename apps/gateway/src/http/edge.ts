import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@countinghouse/contracts';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config.js';
import type { Admission } from './admission.js';
import { writeAnswer } from './answer.js';
import { readBody } from './body.js';
import { recordAnswer } from './metrics.js';
import type { Refusal } from './refusal.dto.js';
import { refuse } from './refuse.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';
import { discardRest } from './unread-body.js';

const seconds = 1000;

/** Fastify as the gateway wants it: nothing waits for ever, nothing names the software, nothing is read unasked. */
export const edgeAdapter = ({ TRUSTED_PROXIES }: GatewayConfig): FastifyAdapter =>
  new FastifyAdapter({
    // No middleware is used, so none is looked for.
    skipMiddie: true,
    exposeHeadRoutes: false,
    genReqId: requestIdOf,
    requestIdHeader: false,
    trustProxy: TRUSTED_PROXIES?.split(',').map((proxy) => proxy.trim()) ?? false,
    // A request under way when the process stops is answered, also one that comes on an open connection.
    return503OnClosing: false,
    // A silent connection. An upload that has stalled ends here; an event stream sends heartbeats.
    connectionTimeout: 60 * seconds,
    keepAliveTimeout: 65 * seconds,
    // The whole of a request, five gibibytes over a slow line included; smaller bodies have their own limit.
    requestTimeout: 2 * 60 * 60 * seconds,
    http: { headersTimeout: 10 * seconds, connectionsCheckingInterval: 5 * seconds },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      void refuse(request, reply, error),
    clientErrorHandler: answerBrokenRequest,
  });

/** What happens to every request around its controller. */
export function installEdge(instance: FastifyInstance, { PUBLIC_URL }: GatewayConfig, admission: Admission): void {
  const headers = securityHeaders(PUBLIC_URL);
  instance.decorateRequest('token', null);
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', readBody);
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  instance.addHook('onRequest', admission.onRequest);
  // A caller who asks before sending the body is told to go on only when let in.
  instance.server.on('checkContinue', (request, response) => instance.server.emit('request', request, response));
  instance.addHook('preParsing', (request, reply, _payload, done) => {
    if (request.headers.expect?.toLowerCase() === '100-continue') reply.raw.writeContinue();
    done();
  });
  instance.addHook('preValidation', (request, _reply, done) => done(unknownQuery(request)));
  instance.addHook('preSerialization', writeAnswer);
  instance.addHook('preClose', (done) => {
    closeConnectionsInTime(instance.server, admission);
    done();
  });
  instance.addHook('onResponse', (request, reply, done) => {
    recordAnswer(request, reply);
    discardRest(request.raw);
    done();
  });
}

/** Callers would keep silent connections for a minute; once nothing is under way, nobody is waited for. */
function closeConnectionsInTime(server: Server, admission: Admission): void {
  const close = () => (admission.nothingUnderWay ? server.closeAllConnections() : server.closeIdleConnections());
  const timer = setInterval(close, 50).unref();
  server.once('close', () => clearInterval(timer));
}

/** A query where none is taken; where one is, its class says which fields are known. */
function unknownQuery({ routeOptions, raw, query }: FastifyRequest): DomainError | undefined {
  if (routeOptions.config.route?.takesQuery !== false || !raw.url?.includes('?')) return undefined;
  const details = Object.keys(query as object).map((field) => ({ field, message: `${field} is not a known field` }));
  return details[0] && new DomainError('bad_request', details[0].message, { details });
}

/** Bytes that are no HTTP request, or one that did not come in time: answered by hand, since there is no request. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [statusCode, message] = brokenRequests[error.code ?? ''] ?? [400, 'The request is malformed'];
  const reason = STATUS_CODES[statusCode] ?? '';
  const refusal = JSON.stringify({ statusCode, message, error: reason, requestId: randomUUID() } satisfies Refusal);
  socket.end(
    `HTTP/1.1 ${statusCode} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${refusal.length}\r\nconnection: close\r\n\r\n${refusal}`,
  );
}

const brokenRequests: Record<string, [statusCode: number, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too large'],
};
