import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WorkDir } from './work-dir.js';

let root: string;
let workDir: WorkDir;

beforeAll(async () => {
  root = join(await mkdtemp(join(tmpdir(), 'work-dir-')), 'made when needed');
  workDir = new WorkDir(root);
});
afterAll(() => rm(join(root, '..'), { recursive: true }));

it('gives each run a folder of its own, and takes it away however the run ends', async () => {
  const run = (fails: boolean) =>
    workDir.run('statement-1', async (path) => {
      expect(await readdir(path)).toEqual([]);
      await writeFile(join(path, 'lines'), 'lines');
      if (fails) throw new Error('wrong');
      return path;
    });
  const [first, second] = await Promise.all([run(false), run(false)]);
  expect(first).not.toBe(second);
  await expect(run(true)).rejects.toThrow('wrong');
  expect(await readdir(root)).toEqual([]);
});

it('keeps what was touched within a day, and removes what is older', async () => {
  const now = Date.now();
  for (const [name, hours] of [
    ['older', 25],
    ['younger', 23],
  ] as const) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'lines'), 'lines');
    await utimes(join(root, name), now / 1000, now / 1000 - hours * 3600);
  }
  await workDir.clear(now);
  expect(await readdir(root)).toEqual(['younger']);
});
