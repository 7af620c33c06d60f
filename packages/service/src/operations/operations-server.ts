import { createServer, type Server, type ServerResponse } from 'node:http';
import type { HealthReport } from './health.js';
import { metrics } from './metrics.js';

export interface OperationsServer {
  /** From now on readiness is what the report says; before that the process is starting. */
  ready(report: () => Promise<HealthReport>): void;
  /** The process is going away: not ready any more, still alive. */
  draining(): void;
  close(): void;
}

const starting: HealthReport = { status: 'unavailable', checks: { process: { error: 'starting' } } };
const stopping: HealthReport = { status: 'unavailable', checks: { process: { error: 'stopping' } } };

/** Serves `/health/live`, `/health/ready` and `/metrics`, away from the product's own traffic. */
export async function startOperationsServer(port: number): Promise<OperationsServer> {
  let report: () => Promise<HealthReport> = () => Promise.resolve(starting);
  const server = createServer((request, response) => void answer(request.url ?? '/', response, () => report()));
  server.headersTimeout = 5_000;
  server.requestTimeout = 10_000;
  await listening(server, port);
  server.unref();
  return {
    ready: (next) => (report = next),
    draining: () => (report = () => Promise.resolve(stopping)),
    close: () => server.close(),
  };
}

async function answer(url: string, response: ServerResponse, report: () => Promise<HealthReport>): Promise<void> {
  switch (url.split('?')[0]) {
    case '/health/live':
      return json(response, 200, { status: 'ok' });
    case '/health/ready': {
      const health = await report();
      return json(response, health.status === 'ok' ? 200 : 503, health);
    }
    case '/metrics':
      response.writeHead(200, { 'content-type': metrics.contentType });
      response.end(await metrics.metrics());
      return;
    default:
      return json(response, 404, { statusCode: 404, message: 'Not found', error: 'Not Found' });
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function listening(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'EADDRINUSE' ? new Error(`OPS_PORT ${port} is in use; choose another one`) : error),
  );
  server.listen(port, () => resolve());
  return promise;
}
