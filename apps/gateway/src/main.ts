import {
  collectProcessMetrics,
  failToStart,
  Health,
  NATS_CONNECTION,
  type NatsConnection,
  startLogging,
  startOperationsServer,
  stopWhenAsked,
} from '@countinghouse/service/process';
import { type GatewayConfig, readGatewayConfig } from './config.js';
import { createGateway } from './gateway.js';

async function run(config: GatewayConfig): Promise<void> {
  const log = startLogging('gateway', config.LOG_LEVEL);
  collectProcessMetrics();
  const operations = await startOperationsServer(config.OPS_PORT);
  const app = await createGateway(config);
  const connection = app.get<NatsConnection>(NATS_CONNECTION);
  stopWhenAsked(async () => {
    operations.draining();
    await app.close();
    await connection.drain();
    operations.close();
  });
  await app.listen(config.PORT, config.HOST);
  const health = app.get(Health);
  operations.ready(() => health.report());
  log.info({ url: await app.getUrl() }, 'ready');
}

run(readGatewayConfig()).catch(failToStart);
