import { comparePrecedence, isWithin, type SplitRule } from './split.js';

/** A time in which the same splits apply: half-open, null for without end. */
export interface CoveragePeriod {
  from: string | null;
  to: string | null;
  /** In the order in which they decide. */
  ids: number[];
  /** Some earnings of this time are decided by none of them. */
  hasGap: boolean;
}

/** Time cut wherever a split begins or ends; neighbours that are alike are one. */
export function coverageOf(splits: readonly SplitRule[]): CoveragePeriod[] {
  const days = splits.flatMap(({ startDate, endDate }) => [startDate, endDate]).filter((day) => day !== null);
  const edges = [null, ...[...new Set(days)].sort(), null];
  const periods = edges.slice(0, -1).map((from, at) => periodOf(splits, from, edges[at + 1]!));
  return periods.reduce<CoveragePeriod[]>((joined, period) => {
    const last = joined.at(-1);
    if (last && last.ids.join() === period.ids.join()) joined.splice(-1, 1, { ...last, to: period.to });
    else joined.push(period);
    return joined;
  }, []);
}

const beforeAll = '0000-01-01';

function periodOf(splits: readonly SplitRule[], from: string | null, to: string | null): CoveragePeriod {
  const applying = splits.filter((split) => isWithin(split, from ?? beforeAll)).toSorted(comparePrecedence);
  return {
    from,
    to,
    ids: applying.map(({ id }) => id),
    hasGap: !applying.some(({ conditions, scope }) => conditions.length === 0 && Object.keys(scope).length === 1),
  };
}
