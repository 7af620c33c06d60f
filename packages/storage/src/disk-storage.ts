import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { hasCode, type Move, moveDurably, piecesOf, takeOver, writeWhole } from './durable-file.js';
import { forEach } from './for-each.js';
import {
  assertKey,
  isThere,
  type LocalCopy,
  type LocalFile,
  ObjectMissing,
  type ObjectStorage,
} from './object-storage.js';
import type { UrlSigner } from './url-signer.js';

const dayMs = 24 * 60 * 60 * 1000;

/** Objects as files under one folder. What is being written lies apart and is moved to its key when it is whole. */
export class DiskStorage implements ObjectStorage {
  readonly sign: ObjectStorage['sign'];
  readonly verify: ObjectStorage['verify'];
  private readonly unfinished: string;

  constructor(
    private readonly root: string,
    signer: UrlSigner,
  ) {
    this.sign = signer.sign;
    this.verify = signer.verify;
    this.unfinished = join(root, '.unfinished');
    mkdirSync(this.unfinished, { recursive: true });
    removeAbandoned(this.unfinished);
  }

  async put(key: string, content: Readable | Uint8Array): Promise<{ bytes: number }> {
    const move = this.moveTo(key);
    return orRemove([move], async () => {
      const bytes = await writeWhole(move.from, piecesOf(content));
      await moveDurably([move]);
      return { bytes };
    });
  }

  putFile(key: string, path: string): Promise<void> {
    return this.putFiles([{ key, path }]);
  }

  async putFiles(files: readonly LocalFile[]): Promise<void> {
    const moves = files.map(({ key, path }) => ({ path, ...this.moveTo(key) }));
    await orRemove(moves, async () => {
      await forEach(moves, ({ path, from }) => takeOver(path, from));
      await moveDurably(moves);
    });
  }

  async open(key: string): Promise<{ stream: Readable; bytes: number }> {
    const { path } = await this.localCopy(key);
    const file = await open(path).catch(throwWhenMissing(key));
    const { size } = await file.stat();
    return { stream: file.createReadStream(), bytes: size };
  }

  exists(key: string): Promise<boolean> {
    return isThere(this.localCopy(key));
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async *list(folder: string): AsyncGenerator<string> {
    try {
      for await (const entry of await opendir(this.pathOf(folder))) {
        const key = `${folder}/${entry.name}`;
        if (entry.isDirectory()) yield* this.list(key);
        else yield key;
      }
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    }
  }

  async localCopy(key: string): Promise<LocalCopy> {
    const path = this.pathOf(key);
    const stats = await stat(path).catch(throwWhenMissing(key));
    if (!stats.isFile()) throw new ObjectMissing(key);
    return { path, release: async () => {} };
  }

  private moveTo(key: string): Move {
    return { from: join(this.unfinished, randomUUID()), to: this.pathOf(key) };
  }

  private pathOf(key: string): string {
    assertKey(key);
    return join(this.root, key);
  }
}

/** Does what makes and moves unfinished files, and removes them when it fails. */
const orRemove = async <Result>(moves: readonly Move[], work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    await forEach(moves, ({ from }) => rm(from, { force: true }));
    throw error;
  }
};

const throwWhenMissing = (key: string) => (error: unknown) => {
  throw hasCode(error, 'ENOENT', 'ENOTDIR') ? new ObjectMissing(key) : error;
};

/** A writer that was killed leaves its file behind; nothing takes a day to write. */
const removeAbandoned = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (written < Date.now() - dayMs) rmSync(path, { force: true });
  }
};
