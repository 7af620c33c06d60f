import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.js';

export interface TestNats {
  url: string;
  start(): Promise<void>;
  /** SIGKILL: what was not yet written is lost. */
  kill(): Promise<void>;
  /** Kills the server and deletes what JetStream has stored. */
  destroyStore(): Promise<void>;
  stop(): Promise<void>;
}

/** A nats-server of its own with JetStream. */
export const testNats = async (): Promise<TestNats> => {
  const store = await mkdtemp(join(tmpdir(), 'countinghouse-nats-'));
  const port = await freePort();
  const binary = process.env.NATS_SERVER_BIN ?? 'nats-server';
  let server: ChildProcess | null = null;
  const start = async () => {
    server = spawn(binary, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', store], { stdio: 'ignore' });
    while (!(await accepts(port))) await delay(20);
  };
  const kill = async () => {
    if (!server) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    server = null;
    await exited;
  };
  const destroyStore = async () => {
    await kill();
    await rm(store, { recursive: true, force: true });
  };
  await start();
  return { url: `nats://127.0.0.1:${port}`, start, kill, destroyStore, stop: destroyStore };
};

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
