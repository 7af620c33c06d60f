import { sum } from '@countinghouse/money';
import type { Credit } from '../engine/evaluate-splits.js';

/** What each user gets of all groups together, exact. */
export async function sumsByUser(batches: AsyncIterable<Credit[]>): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for await (const batch of batches) {
    for (const { userId, royalty } of batch) sums.set(userId, sum([sums.get(userId) ?? '0', royalty]));
  }
  return sums;
}
