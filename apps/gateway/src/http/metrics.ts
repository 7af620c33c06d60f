import { Histogram, logger, metrics } from '@countinghouse/service/process';
import type { FastifyReply, FastifyRequest } from 'fastify';

const requestSeconds = new Histogram({
  name: 'countinghouse_http_request_seconds',
  help: 'Time to answer an HTTP request, by its route and status.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
});

/** Counts an answer, and at debug level writes one line about it. Never a query, a header or a body: they hold secrets. */
export function recordAnswer({ routeOptions, method, id, token }: FastifyRequest, reply: FastifyReply): void {
  const route = routeOptions.url ?? 'unknown';
  const { statusCode: status, elapsedTime: milliseconds } = reply;
  requestSeconds.observe({ method, route, status }, milliseconds / 1000);
  if (!logger().isLevelEnabled('debug')) return;
  const who = token && { tenantId: token.principal.tenantId, holder: token.holder };
  logger().debug({ requestId: id, method, route, status, milliseconds, ...who }, 'answered');
}
