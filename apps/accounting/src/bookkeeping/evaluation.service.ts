import { multiply } from '@countinghouse/money';
import { Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { engineLimits } from '../engine-limits.js';
import { type Credit, evaluateSplits, type Evaluation } from '../engine/evaluate-splits.js';
import { activeSplits, ruleOf, splitRevisions } from '../splits/splits.store.js';
import { STORAGE } from '../storage.module.js';
import { inWorkDir } from '../work-dir.js';
import type { Earnings } from './earnings.store.js';

/** Splits earnings by the splits of this moment. */
@Injectable()
export class EvaluationService {
  constructor(
    private readonly transactions: Transactions,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * Calls `read` with what users get of the earnings, in the tenant's currency, and with the revision of the splits that
   * this holds for. A credit's `group` is the place of its earnings in the list.
   */
  async evaluate<T>(
    tenantId: number,
    earnings: readonly Earnings[],
    read: (evaluation: Evaluation, revision: number) => Promise<T>,
  ): Promise<T> {
    const { revision, splits } = await this.transactions.read(tenantId, async (manager) => ({
      ...(await splitRevisions(manager, tenantId)),
      splits: (await activeSplits(manager, tenantId)).map((split) => ({ ...ruleOf(split), shares: split.shares })),
    }));
    const files: { path: string; release(): Promise<void> }[] = [];
    try {
      // One after the other: with a bucket each is a download.
      for (const { storageKey } of earnings) files.push(await this.storage.localCopy(storageKey));
      const parts = earnings.map(({ withdraws }, at) => ({
        path: files[at]!.path,
        group: at,
        sign: withdraws === null ? (1 as const) : (-1 as const),
      }));
      return await inWorkDir(`tenant-${tenantId}`, (workDir) =>
        evaluateSplits({ parts, splits, workDir, limits: engineLimits }, ({ totals, credits }) => {
          const evaluation = {
            totals: () => inCurrency(totals(), earnings),
            credits: () => inCurrency(credits(), earnings),
          };
          return read(evaluation, revision);
        }),
      );
    } finally {
      await Promise.all(files.map((file) => file.release()));
    }
  }
}

async function* inCurrency(credits: AsyncGenerator<Credit[]>, earnings: readonly Earnings[]): AsyncGenerator<Credit[]> {
  for await (const batch of credits) yield batch.map((credit) => converted(credit, earnings[credit.group]!.rate));
}

const converted = (credit: Credit, rate: string): Credit => ({
  ...credit,
  streamsRoyalty: multiply(credit.streamsRoyalty, rate),
  downloadsRoyalty: multiply(credit.downloadsRoyalty, rate),
  royalty: multiply(credit.royalty, rate),
});
