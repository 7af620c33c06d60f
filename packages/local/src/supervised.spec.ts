import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Guard, startGuard } from './guard.js';
import { type Program, Supervised } from './supervised.js';

const sleeper = () => spawn('sleep', ['600'], { stdio: 'ignore' });

const program = (change: Partial<Program> = {}): Program => ({
  name: 'sleeper',
  stopSignal: 'SIGTERM',
  spawn: sleeper,
  isReady: () => Promise.resolve(true),
  lastWords: () => '',
  ...change,
});

let guard: Guard;
let supervised: Supervised;
const reported = () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { report: resolve, promise };
};

const supervise = (change: Partial<Program> = {}, report: (line: string) => void = () => {}) => {
  guard = startGuard();
  supervised = new Supervised(program(change), guard, report);
  return supervised;
};

afterEach(async () => {
  await supervised.stop();
  await guard.close();
});

describe('a supervised process', () => {
  it('is usable when start returns', async () => {
    let asked = 0;
    await supervise({ isReady: () => Promise.resolve(++asked === 3) }).start();
    expect(asked).toBe(3);
    expect(supervised.pid).toBeGreaterThan(0);
  });

  it('says why it did not start', async () => {
    const starting = supervise({
      spawn: () => spawn('sh', ['-c', 'exit 3']),
      isReady: () => Promise.resolve(false),
      lastWords: () => 'FATAL: no disk',
    }).start();
    await expect(starting).rejects.toThrow('sleeper did not start (exit code 3):\nFATAL: no disk');
  });

  it('says so when there is no such program', async () => {
    const isReady = () => Promise.resolve(false);
    const starting = supervise({ spawn: () => spawn('/no/such/program'), isReady }).start();
    await expect(starting).rejects.toThrow('sleeper did not start (spawn /no/such/program ENOENT)');
  });

  it('is started again, as often as it takes, when it dies of itself', async () => {
    let starts = 0;
    const back = Promise.withResolvers<void>();
    const reports: string[] = [];
    await supervise(
      {
        spawn: () => (++starts === 2 ? spawn('sh', ['-c', 'exit 1']) : sleeper()),
        isReady: () => {
          if (starts === 3) back.resolve();
          return Promise.resolve(starts !== 2);
        },
      },
      (line) => reports.push(line),
    ).start();
    process.kill(supervised.pid!, 'SIGKILL');
    await back.promise;
    expect(reports).toEqual([
      'sleeper ended unexpectedly (SIGKILL)\nsleeper is started again.',
      'sleeper did not start (exit code 1)\nsleeper is started again.',
    ]);
  });

  it('is not started again once it was stopped, even while it was about to be', async () => {
    const { report, promise } = reported();
    let starts = 0;
    const spawnCounted = () => {
      starts++;
      return sleeper();
    };
    await supervise({ spawn: spawnCounted }, report).start();
    process.kill(supervised.pid!, 'SIGKILL');
    await promise;
    await supervised.stop();
    await supervised.start();
    expect(starts).toBe(2);
  });

  it('does not start when it is stopped while it prepares', async () => {
    const prepared = Promise.withResolvers<void>();
    const starting = supervise({ prepare: () => prepared.promise }).start();
    await supervised.stop();
    prepared.resolve();
    await expect(starting).rejects.toThrow('sleeper was stopped while it started');
    expect(supervised.pid).toBeUndefined();
  });
});
