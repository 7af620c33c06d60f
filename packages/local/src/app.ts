import { spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { ProcessLog } from './process-log.js';
import type { Program } from './supervised.js';

export interface AppOptions {
  name: string;
  /** Its folder, with `dist/main.js`. */
  directory: string;
  env: NodeJS.ProcessEnv;
  /** Ports whose `/health/ready` must answer 200. */
  ports: number[];
  log: ProcessLog;
}

/** One of our own processes. */
export function appProcess({ name, directory, env, ports, log }: AppOptions): Program {
  const main = join(directory, 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: build first, with npm run build`);
  return {
    name,
    stopSignal: 'SIGTERM',
    spawn: () => {
      const output = log.open();
      const child = spawn(process.execPath, ['--enable-source-maps', main], {
        cwd: directory,
        env,
        // The channel is what tells the process that its launcher is gone.
        stdio: ['ignore', output, output, 'ipc'],
        detached: true,
      });
      closeSync(output);
      return child;
    },
    isReady: async () => (await Promise.all(ports.map(answersReady))).every(Boolean),
    lastWords: () => log.lastWords(),
  };
}

function answersReady(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get({ host: '127.0.0.1', port, path: '/health/ready', agent: false, timeout: 5_000 }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.once('timeout', () => request.destroy(new Error('no answer')));
  request.once('error', () => resolve(false));
  return promise;
}
