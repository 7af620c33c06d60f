import {
  applies,
  comparePrecedence,
  type EarningsKeys,
  type EarningsPlace,
  isWithin,
  type ScopeKey,
  scopeKeys,
  type SplitRule,
} from './split.js';

export interface MatchExplained {
  /** The id of the split that decides; null when none applies. */
  winner: number | null;
  reason: string;
  /** The other splits whose scope fits, the nearest to deciding first. */
  others: { id: number; reason: string }[];
}

/** Which of the splits decides over earnings, and in words why each other one does not. */
export function explainMatch(
  splits: readonly SplitRule[],
  keys: Partial<EarningsKeys>,
  place: EarningsPlace,
): MatchExplained {
  const whole: EarningsKeys = { isrc: '', upc: '', artist: '', label: '', ...keys };
  const applying = splits.filter((split) => applies(split, whole, place)).toSorted(comparePrecedence);
  const [winner, ...beaten] = applying;
  const rest = splits.filter((split) => !applying.includes(split)).toSorted(comparePrecedence);
  return {
    winner: winner?.id ?? null,
    reason: winner ? `applies: ${wordsOf(winner)}` : 'no split applies; everything goes to the owner of the line',
    others: [
      ...beaten.map((split) => ({
        id: split.id,
        reason: `applies, but split ${winner!.id} ${advantage(winner!, split)}`,
      })),
      ...rest.map((split) => ({ id: split.id, reason: whyNot(split, whole, place) })),
    ],
  };
}

const keysIn = ({ scope }: SplitRule): ScopeKey[] => scopeKeys.filter((key) => scope[key] !== undefined);

const wordsOf = (split: SplitRule): string =>
  `its scope is ${keysIn(split).join(' and ')}${split.conditions.length > 0 ? ', and its conditions hold' : ''}`;

function advantage(winner: SplitRule, loser: SplitRule): string {
  const [narrow, wide] = [keysIn(winner).join(' and '), keysIn(loser).join(' and ')];
  if (narrow !== wide) return `is narrower: ${narrow} before ${wide}`;
  if (winner.conditions.length > 0 && loser.conditions.length === 0) return 'has conditions';
  return `starts later (${winner.startDate})`;
}

function whyNot(split: SplitRule, keys: EarningsKeys, { date }: EarningsPlace): string {
  const other = keysIn(split).find((key) => split.scope[key] !== keys[key]);
  if (other) return `is for another ${other}`;
  if (isWithin(split, date)) return 'its conditions do not hold';
  return split.startDate !== null && date < split.startDate
    ? `begins on ${split.startDate}`
    : `ended before ${split.endDate}`;
}
