import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { natsBinary } from '@countinghouse/local';

export interface TestNats {
  url: string;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Kills the server and deletes what JetStream has stored. */
  destroyStore(): Promise<void>;
  stop(): Promise<void>;
}

/** A nats-server of its own with JetStream, open to anyone on this machine. */
export const testNats = async (): Promise<TestNats> => {
  const binary = await natsBinary();
  const store = await mkdtemp(join(tmpdir(), 'countinghouse-nats-'));
  const port = await freePort();
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

const freePort = (): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
  return promise;
};

const accepts = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => {
    socket.destroy();
    resolve(true);
  });
  socket.on('error', () => resolve(false));
  return promise;
};
