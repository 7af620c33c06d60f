import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { workRefusal } from './work-refusal.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Scratch space: the engine spills there, and files lie there until they are stored. */
export class WorkDir {
  constructor(private readonly root: string) {}

  /**
   * Runs `work` with an empty folder of its own, which is gone afterwards. No two runs share one, also not for the same
   * thing: a process that was thought dead may still be writing.
   *
   * @throws DomainError `insufficient_storage`, `unprocessable` when memory does not suffice
   */
  async run<T>(name: string, work: (path: string) => Promise<T>): Promise<T> {
    let path: string | undefined;
    try {
      await mkdir(this.root, { recursive: true, mode: 0o700 });
      path = await mkdtemp(join(this.root, `${name}-`));
      return await work(path);
    } catch (error) {
      throw workRefusal(error);
    } finally {
      if (path) await rm(path, { recursive: true, force: true });
    }
  }

  /** Removes what processes that were killed have left, once nobody can be working in it any more. */
  async clear(now = Date.now()): Promise<void> {
    const names = await readdir(this.root).catch(() => []);
    for (const path of names.map((name) => join(this.root, name))) {
      const found = await stat(path).catch(() => null);
      if (found && now - found.mtimeMs > dayMs) await rm(path, { recursive: true, force: true });
    }
  }
}
