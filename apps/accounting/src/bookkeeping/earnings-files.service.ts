import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '@countinghouse/contracts';
import { type LocalCopy, type ObjectStorage, ObjectMissing } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { earningsRowsVersion, writeEarningsRows } from '../engine/earnings-rows.js';
import { engineLimits } from '../engine-limits.js';
import { STORAGE } from '../storage.module.js';
import { scratch } from '../scratch.js';

export interface EarningsFile {
  id: number;
  storageKey: string;
  /** Of the file; lower-case hex. */
  sha256: string;
}

/** Earnings cannot be read at present. They wait, and what needs them is tried again. */
export class EarningsUnreadable extends DomainError {
  constructor(
    readonly earningsId: number,
    readonly problem: string,
  ) {
    super('unavailable', `Earnings ${earningsId}: ${problem}`);
  }
}

/** Earnings files in the form that splits are evaluated on, which is made once, of what royalties has signed. */
@Injectable()
export class EarningsFilesService {
  constructor(@Inject(STORAGE) private readonly storage: ObjectStorage) {}

  /** @throws EarningsUnreadable */
  async rowsOf(tenantId: number, earnings: EarningsFile): Promise<LocalCopy> {
    const key = `${tenantId}/accounting/earnings-${earnings.id}.v${earningsRowsVersion}.duckdb`;
    const made = await this.find(key);
    if (made) return made;
    await this.make(tenantId, earnings, key);
    return this.storage.localCopy(key);
  }

  private async make(tenantId: number, { id, storageKey, sha256 }: EarningsFile, key: string): Promise<void> {
    const file = await this.find(storageKey);
    if (!file) throw new EarningsUnreadable(id, 'their file is not in the object storage');
    try {
      if ((await sha256Of(file.path)) !== sha256) {
        throw new EarningsUnreadable(id, 'their file is not the one that royalties has published (SHA-256 differs)');
      }
      await scratch.run(`tenant-${tenantId}`, async (workDir) => {
        const rowsPath = join(workDir, 'rows.duckdb');
        await writeEarningsRows({ path: file.path, rowsPath, workDir }, engineLimits);
        await this.storage.putFile(key, rowsPath);
      });
    } finally {
      await file.release();
    }
  }

  private async find(key: string): Promise<LocalCopy | null> {
    try {
      return await this.storage.localCopy(key);
    } catch (error) {
      if (error instanceof ObjectMissing) return null;
      throw error;
    }
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
