import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lock } from './lock.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countinghouse-lock-'));
  path = join(directory, 'lock');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('a lock', () => {
  it('is held by one until it is let go', () => {
    const release = lock(path);
    expect(lock(path)).toBeNull();
    release!();
    lock(path)!();
  });

  it('is free when the process that held it was killed', async () => {
    const code = `import { lock } from ${JSON.stringify(new URL('../dist/lock.js', import.meta.url).href)};
      lock(${JSON.stringify(path)}); process.send('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 2, 2, 'ipc'] });
    await once(holder, 'message');
    expect(lock(path)).toBeNull();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lock(path)!();
  });
});
