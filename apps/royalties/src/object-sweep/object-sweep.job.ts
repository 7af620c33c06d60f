import { Job, type JobData, type RunningJob, Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { STORAGE } from '../storage.module.js';
import { findUnreferenced, forgetObjects, noteUnreferenced, objectFolders } from './object-references.query.js';

/** So long that no work and no download address that knew an object can still want it. */
const keptMs = 7 * 24 * 60 * 60 * 1000;
const notedAtOnce = 10_000;
const deletedAtOnce = 100;

/**
 * Deletes what nothing refers to: uploads that were never registered, what attempts that broke off or were overtaken
 * have left, files of earlier revisions of reports. An object is noted when it is first seen without a reference and
 * goes after a week without one, so the age of files and the clock of the storage do not matter.
 */
@Injectable()
export class ObjectSweepJob {
  constructor(
    private readonly transactions: Transactions,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  @Job<JobData>('object-sweep')
  async run({ tenantId }: JobData, { signal }: RunningJob): Promise<void> {
    const now = new Date();
    for (const folder of objectFolders) {
      for await (const keys of inBatches(this.storage.list(`${tenantId}/${folder}`), notedAtOnce)) {
        signal.throwIfAborted();
        await this.transactions.inTenant(tenantId, (manager) => noteUnreferenced(manager, tenantId, keys, now));
      }
    }
    await this.deleteNoted(tenantId, new Date(now.getTime() - keptMs), signal);
  }

  /** The objects go before their notes, so that whatever is killed in between, nothing is left behind. */
  private async deleteNoted(tenantId: number, since: Date, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const keys = await this.transactions.read(tenantId, (manager) =>
        findUnreferenced(manager, tenantId, since, deletedAtOnce),
      );
      if (keys.length === 0) return;
      for (const key of keys) await this.storage.delete(key);
      await this.transactions.inTenant(tenantId, (manager) => forgetObjects(manager, tenantId, keys));
    }
  }
}

async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
