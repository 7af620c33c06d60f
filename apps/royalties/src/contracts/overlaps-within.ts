import { type ContractTerms, keysOf } from './contract-rules.js';

/** A contract that owns what an earlier one of the list owns in a month that both cover. */
export interface OverlapWithin {
  /** Position in the list, and that of the other one. */
  at: number;
  other: number;
}

/** The contracts that overlap with one that stands before them, each once, in the list's order. */
export function overlapsWithin(contracts: readonly ContractTerms[]): OverlapWithin[] {
  const owners = new Map<string, number[]>();
  for (const [at, contract] of contracts.entries()) {
    for (const key of keysOf(contract)) {
      const owned = `${contract.scope} ${key}`;
      const others = owners.get(owned);
      if (others) others.push(at);
      else owners.set(owned, [at]);
    }
  }
  const found = new Map<number, number>();
  for (const sharers of owners.values()) {
    if (sharers.length === 1) continue;
    for (const [at, other] of overlapping(sharers, contracts)) {
      found.set(at, Math.min(other, found.get(at) ?? other));
    }
  }
  return [...found].map(([at, other]) => ({ at, other })).sort((a, b) => a.at - b.at);
}

/**
 * By their first months, each is compared with the one before it that lasts longest: as many steps as contracts, also
 * where thousands follow each other for the same label.
 */
function overlapping(sharers: readonly number[], contracts: readonly ContractTerms[]): [at: number, other: number][] {
  const fromOf = (at: number) => Number(contracts[at]!.from ?? 0);
  const untilOf = (at: number) => Number(contracts[at]!.until ?? Infinity);
  const [first, ...rest] = sharers.toSorted((a, b) => fromOf(a) - fromOf(b) || a - b);
  let longest = first!;
  const pairs: [number, number][] = [];
  for (const at of rest) {
    if (fromOf(at) < untilOf(longest)) pairs.push([Math.max(at, longest), Math.min(at, longest)]);
    if (untilOf(at) > untilOf(longest)) longest = at;
  }
  return pairs;
}
