import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { endLeftovers } from './leftovers.js';
import type { ProcessLog } from './process-log.js';
import type { Program } from './supervised.js';

export interface NatsOptions {
  /** The nats-server program. */
  binary: string;
  /** Configuration and JetStream's store. */
  directory: string;
  port: number;
  /** Passwords by user name. */
  users: Record<string, string>;
  log: ProcessLog;
}

export const natsUrl = (user: string, password: string, port: number) => `nats://${user}:${password}@127.0.0.1:${port}`;

/** A nats-server of our own with JetStream on 127.0.0.1. */
export function natsServer({ binary, directory, port, users, log }: NatsOptions): Program {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const configuration = join(directory, 'nats.conf');
  writeFileSync(configuration, natsConfiguration(directory, port, users), { mode: 0o600 });
  return {
    name: 'nats',
    stopSignal: 'SIGINT',
    prepare: () => endLeftovers(['nats-server'], directory),
    spawn: () => {
      const output = log.open();
      const server = spawn(binary, ['-c', configuration], {
        cwd: directory,
        stdio: ['ignore', output, output],
        detached: true,
      });
      closeSync(output);
      return server;
    },
    isReady: () => greets(port),
    lastWords: () => log.lastWords(),
  };
}

/** JSON is valid in nats-server's configuration language. */
const natsConfiguration = (directory: string, port: number, users: Record<string, string>) =>
  `${JSON.stringify(
    {
      server_name: 'countinghouse',
      host: '127.0.0.1',
      port,
      max_payload: 1024 * 1024,
      jetstream: { store_dir: directory, max_memory_store: 256 * 1024 * 1024 },
      authorization: { users: Object.entries(users).map(([user, password]) => ({ user, password })) },
    },
    null,
    2,
  )}\n`;

/** nats-server speaks first, and only once JetStream has read its store. */
function greets(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 });
  const end = (ready: boolean) => {
    socket.destroy();
    resolve(ready);
  };
  socket.once('data', (greeting) => end(greeting.toString().startsWith('INFO ')));
  socket.once('error', () => end(false));
  socket.once('timeout', () => end(false));
  socket.once('close', () => resolve(false));
  return promise;
}
