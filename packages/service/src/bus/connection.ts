import { connect, type NatsConnection } from '@nats-io/transport-node';
import { logger } from '../logging/logger.js';

/** Injection token of the process's one connection to NATS. */
export const NATS_CONNECTION = Symbol('NATS connection');

export type { NatsConnection } from '@nats-io/transport-node';

/**
 * Connects to NATS and stays connected: waits for a broker that is not there yet, and after a loss reconnects for ever.
 *
 * @param url `nats://user:password@host:port`, several separated by commas
 */
export async function connectNats(name: string, url: string): Promise<NatsConnection> {
  const servers = url.split(',').map((server) => new URL(server.includes('://') ? server : `nats://${server}`));
  const [first] = servers;
  const connection = await connect({
    name,
    servers: servers.map(({ host }) => host),
    ...(first?.username && { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }),
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    ignoreAuthErrorAbort: true,
    pingInterval: 10_000,
    maxPingOut: 2,
    timeout: 5_000,
  });
  void report(connection);
  return connection;
}

async function report(connection: NatsConnection): Promise<void> {
  for await (const { type, ...rest } of connection.status()) {
    if (type === 'disconnect' || type === 'reconnect' || type === 'error') logger().warn({ ...rest }, `NATS ${type}`);
  }
}
