import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { config } from './config.js';
import { workRefusal } from './work-refusal.js';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Runs `work` with an empty folder of its own, which is gone afterwards. No two runs share one, also not for the same
 * statement: a process that was thought dead may still be writing.
 */
export async function inWorkDir<T>(name: string, work: (path: string) => Promise<T>): Promise<T> {
  let path: string | undefined;
  try {
    await mkdir(config.WORK_DIR, { recursive: true, mode: 0o700 });
    path = await mkdtemp(join(config.WORK_DIR, `${name}-`));
    return await work(path);
  } catch (error) {
    throw workRefusal(error);
  } finally {
    if (path) await rm(path, { recursive: true, force: true });
  }
}

/** Removes what processes that were killed have left, once nobody can be working in it any more. */
export async function clearWorkDir(now = Date.now()): Promise<void> {
  const names = await readdir(config.WORK_DIR).catch(() => []);
  for (const path of names.map((name) => join(config.WORK_DIR, name))) {
    const found = await stat(path).catch(() => null);
    if (found && now - found.mtimeMs > dayMs) await rm(path, { recursive: true, force: true });
  }
}
