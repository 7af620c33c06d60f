import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { config } from './config.js';
import { noSpaceAsRefusal } from './no-space.js';

/** Runs `work` with an empty folder of its own, which is gone afterwards; what a crash left there is removed first. */
export async function inWorkDir<T>(name: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = join(config.WORK_DIR, name);
  await rm(path, { recursive: true, force: true });
  try {
    await mkdir(path, { recursive: true });
    return await work(path);
  } catch (error) {
    throw noSpaceAsRefusal(error);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
