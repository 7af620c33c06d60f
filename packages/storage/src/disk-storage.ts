import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { hasCode, moveDurably, piecesOf, sync, writeWhole } from './durable-file.js';
import { assertKey, isThere, type LocalCopy, ObjectMissing, type ObjectStorage } from './object-storage.js';
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
    const path = this.pathOf(key);
    const unfinished = join(this.unfinished, randomUUID());
    try {
      const bytes = await writeWhole(unfinished, piecesOf(content), true);
      await moveDurably(unfinished, path);
      return { bytes };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async putFile(key: string, from: string): Promise<{ bytes: number }> {
    const path = this.pathOf(key);
    const { size } = await stat(from);
    try {
      await sync(from);
      await moveDurably(from, path);
    } catch (error) {
      if (!hasCode(error, 'EXDEV')) throw error;
      const file = createReadStream(from);
      await this.put(key, file).finally(() => file.destroy());
      await rm(from);
    }
    return { bytes: size };
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

  async localCopy(key: string): Promise<LocalCopy> {
    const path = this.pathOf(key);
    const stats = await stat(path).catch(throwWhenMissing(key));
    if (!stats.isFile()) throw new ObjectMissing(key);
    return { path, release: async () => {} };
  }

  private pathOf(key: string): string {
    assertKey(key);
    return join(this.root, key);
  }
}

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
