import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Below the ports that systems lend to outgoing connections, so that a server which died finds its port free again. */
const firstPort = 20_000;
const portCount = 12_000;

const handedOut = new Set<number>();

/** A port that nothing listens on and that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = firstPort + randomInt(portCount);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`No free port was found from ${firstPort} to ${firstPort + portCount - 1}`);
}

/** Refuses a port that something else listens on, after the patience that an earlier run of ours may need to leave it. */
export async function claimPort(port: number, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isFree(port))) {
    if (performance.now() > deadline) {
      throw new Error(`Port ${port} is used by another program. Choose another one: npm start -- --port ${port + 1}`);
    }
    await delay(100);
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, () => server.close(() => resolve(true)));
  return promise;
}
