import { DatabaseSync } from 'node:sqlite';

const sqliteBusy = 5;

/**
 * Locks a file for this process, or answers null when another one holds it.
 *
 * The operating system lets go of it when the process ends, however it ends, so there is no stale lock to judge. (Node
 * has no file locks of its own; SQLite has them on every system.)
 *
 * @returns what lets go of the lock
 */
export function lock(path: string): (() => void) | null {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return null;
    throw error;
  }
}
