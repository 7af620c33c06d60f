import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { NATS_CONNECTION, type NatsConnection } from '../bus/connection.js';
import { OperationServer } from '../bus/operation-server.js';
import { PassErrorsOn } from '../bus/pass-errors-on.filter.js';
import type { ProcessEnvironment } from '../config/environment.js';
import { nestLogger, startLogging } from '../logging/logger.js';
import { Health } from '../operations/health.js';
import { collectProcessMetrics } from '../operations/metrics.js';
import { startOperationsServer } from '../operations/operations-server.js';
import { failToStart, stopWhenAsked } from './process-lifetime.js';

export interface ServeOptions {
  /** The service's name: its subjects begin with `rpc.<name>.` */
  name: string;
  /** The application's root module. */
  module: object;
  config: ProcessEnvironment;
}

/** Runs a service: its operations over NATS, health and metrics on the operations port, until it is asked to stop. */
export async function serve({ name, module, config }: ServeOptions): Promise<void> {
  const log = startLogging(name, config.LOG_LEVEL);
  try {
    collectProcessMetrics();
    const operations = await startOperationsServer(config.OPS_PORT);
    const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(module, {
      logger: nestLogger,
      abortOnError: false,
      inject: [NATS_CONNECTION],
      useFactory: (connection: NatsConnection) => ({ strategy: new OperationServer(name, connection) }),
    });
    app.useGlobalFilters(new PassErrorsOn());
    const connection = app.get<NatsConnection>(NATS_CONNECTION);
    stopWhenAsked(async () => {
      operations.draining();
      await app.close();
      await connection.drain();
      operations.close();
    });
    await app.listen();
    const health = app.get(Health);
    operations.ready(() => health.report());
    log.info('ready');
  } catch (error) {
    failToStart(error);
  }
}
