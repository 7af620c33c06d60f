import { createWriteStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { storageFull } from './object-storage.js';

/** The bytes of a content, piece by piece; a stream is left open when reading stops early. */
export const piecesOf = (content: Readable | Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array> =>
  content instanceof Uint8Array ? [content] : content.iterator({ destroyOnReturn: false });

/**
 * Writes a file and returns its size.
 *
 * @param flush whether it must survive a power failure
 * @throws DomainError `insufficient_storage`
 */
export const writeWhole = async (
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  flush: boolean,
): Promise<number> => {
  const file = createWriteStream(path, { flush });
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
 * Moves a file that is on disk already to a path whose folders need not exist; done when that survives a power failure.
 *
 * @throws DomainError `insufficient_storage`
 */
export const moveDurably = async (from: string, to: string): Promise<void> => {
  try {
    const folder = dirname(to);
    const firstMade = await mkdir(folder, { recursive: true });
    await rename(from, to);
    const lastKnown = firstMade === undefined ? folder : dirname(firstMade);
    for (let changed = folder; changed.length >= lastKnown.length; changed = dirname(changed)) await sync(changed);
  } catch (error) {
    throwWhenFull(error);
  }
};

/** Waits until a file, or the entries of a folder, are on disk. */
export const sync = async (path: string): Promise<void> => {
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
