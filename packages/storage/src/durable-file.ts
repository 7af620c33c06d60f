import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { forEach } from './for-each.js';
import { storageFull } from './object-storage.js';

/** The bytes of a content, piece by piece; a stream is left open when reading stops early. */
export const piecesOf = (content: Readable | Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array> =>
  content instanceof Uint8Array ? [content] : content.iterator({ destroyOnReturn: false });

/**
 * Writes a file and returns its size.
 *
 * @throws DomainError `insufficient_storage`
 */
export const writeWhole = async (
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<number> => {
  const file = createWriteStream(path);
  try {
    await pipeline(pieces, file);
  } catch (error) {
    // It may still be being opened, and would be there after whoever wants it gone has removed it.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', () => resolve()));
    throwWhenFull(error);
  }
  return file.bytesWritten;
};

/**
 * Takes a file away from where it is, also to another file system.
 *
 * @throws DomainError `insufficient_storage`
 */
export const takeOver = async (path: string, to: string): Promise<void> => {
  try {
    await rename(path, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await copyFile(path, to).catch(throwWhenFull);
    await rm(path);
  }
};

export interface Move {
  from: string;
  to: string;
}

/**
 * Moves files to paths whose folders need not exist; done when all of them, and what is in them, survive a power failure.
 *
 * @throws DomainError `insufficient_storage`
 */
export const moveDurably = async (moves: readonly Move[]): Promise<void> => {
  const changed = new Set<string>();
  try {
    await forEach(moves, ({ from }) => sync(from));
    await forEach(new Set(moves.map(({ to }) => dirname(to))), async (folder) => {
      const firstMade = await mkdir(folder, { recursive: true });
      const lastKnown = firstMade === undefined ? folder : dirname(firstMade);
      for (let at = folder; at.length >= lastKnown.length; at = dirname(at)) changed.add(at);
    });
    await forEach(moves, ({ from, to }) => rename(from, to));
    await forEach(changed, sync);
  } catch (error) {
    throwWhenFull(error);
  }
};

/** Waits until a file, or the entries of a folder, are on disk. */
const sync = async (path: string): Promise<void> => {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  codes.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');

const throwWhenFull = (error: unknown): never => {
  throw hasCode(error, 'ENOSPC', 'EDQUOT') ? storageFull(error) : error;
};
