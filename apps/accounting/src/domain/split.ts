/** What a row of earnings is of. Names and codes are in the form that is compared (`matching-key`). */
export interface EarningsKeys {
  isrc: string;
  upc: string;
  artist: string;
  label: string;
}

/** Where and when a row of earnings arose. */
export interface EarningsPlace {
  /** ISO 3166-1 alpha-2. */
  territory: string;
  /** The store, in the form that is compared. */
  dsp: string;
  usageType: string;
  /** First day of the sales month, YYYY-MM-DD. */
  date: string;
}

export const scopeKeys = ['isrc', 'upc', 'artist', 'label'] as const;
export type ScopeKey = (typeof scopeKeys)[number];

/** A row has it when it has a value of every list that is given; `exclude` is the opposite. */
export interface Condition {
  mode: 'include' | 'exclude';
  territories?: readonly string[];
  dsps?: readonly string[];
  usageTypes?: readonly string[];
}

/** What decides whether a split applies, and before which others; in the form that is compared. */
export interface SplitRule {
  id: number;
  scope: Readonly<Partial<Record<ScopeKey, string>>>;
  /** First day, YYYY-MM-DD; null for all that went before. */
  startDate: string | null;
  /** First day that is no longer covered; null for all that come. */
  endDate: string | null;
  conditions: readonly Condition[];
}

export interface SplitWithShares extends SplitRule {
  /** Percent; decimal strings that come to 100. */
  shares: readonly { userId: string; share: string }[];
}

/** Whether a split applies to a row. */
export const applies = (split: SplitRule, keys: EarningsKeys, place: EarningsPlace): boolean =>
  scopeKeys.every((key) => split.scope[key] === undefined || split.scope[key] === keys[key]) &&
  isWithin(split, place.date) &&
  split.conditions.every((condition) => holds(condition, place));

export const isWithin = ({ startDate, endDate }: SplitRule, date: string): boolean =>
  (startDate === null || startDate <= date) && (endDate === null || date < endDate);

const holds = ({ mode, territories, dsps, usageTypes }: Condition, place: Omit<EarningsPlace, 'date'>): boolean => {
  const isInside =
    (territories?.includes(place.territory) ?? true) &&
    (dsps?.includes(place.dsp) ?? true) &&
    (usageTypes?.includes(place.usageType) ?? true);
  return isInside === (mode === 'include');
};

/**
 * Which of two applicable splits wins, as for `sort`: the narrower scope (a track before a release before an artist
 * before a label), then the one with conditions, then the one that starts later; 0 for a tie.
 */
export const comparePrecedence = (a: SplitRule, b: SplitRule): number =>
  narrowness(b) - narrowness(a) ||
  Number(b.conditions.length > 0) - Number(a.conditions.length > 0) ||
  compareText(b.startDate ?? '', a.startDate ?? '');

/** 15 for a scope with all keys, 1 for a label alone: a narrower key outweighs all wider ones. */
const narrowness = ({ scope }: SplitRule): number =>
  scopeKeys.reduce((sum, key) => 2 * sum + Number(scope[key] !== undefined), 0);

const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** The split that decides over a row; null when none applies and all of it is the owner's. */
export const winningSplit = (
  splits: readonly SplitRule[],
  keys: EarningsKeys,
  place: EarningsPlace,
): SplitRule | null => splits.filter((split) => applies(split, keys, place)).toSorted(comparePrecedence)[0] ?? null;

/**
 * Whether some row could be decided by either of two splits with nothing to choose between them. Such a split is refused
 * when it is saved.
 *
 * @param usageTypes all that there are
 */
export function couldTie(a: SplitRule, b: SplitRule, usageTypes: readonly string[]): boolean {
  if (comparePrecedence(a, b) !== 0) return false;
  if (scopeKeys.some((key) => a.scope[key] !== b.scope[key])) return false;
  return shareAMonth(a, b) && shareAPlace([...a.conditions, ...b.conditions], usageTypes);
}

/** Whether the first day of some month is within both; of these two the start is the same. */
function shareAMonth(a: SplitRule, b: SplitRule): boolean {
  const ends = [a.endDate, b.endDate].filter((date) => date !== null);
  if (a.startDate === null || ends.length === 0) return true;
  const firstEnd = ends.reduce((least, date) => (date < least ? date : least));
  return firstMonthFrom(a.startDate) < firstMonthFrom(firstEnd);
}

/** The first month whose first day is not before a day, as a number `YYYYMM`: months are covered from and until it. */
export const firstMonthFrom = (date: string): number => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  if (day === 1) return year * 100 + month;
  return month === 12 ? (year + 1) * 100 + 1 : year * 100 + month + 1;
};

const lists = { territory: 'territories', dsp: 'dsps', usageType: 'usageTypes' } as const;

/**
 * Whether some place has all conditions. Values that stand in the same lists are alike, so one of each kind is tried,
 * and one that stands in none.
 */
function shareAPlace(conditions: readonly Condition[], usageTypes: readonly string[]): boolean {
  const kinds = (of: keyof typeof lists, values: readonly string[]): string[] => {
    const one = new Map<string, string>();
    for (const value of values) {
      one.set(conditions.map((condition) => Number(condition[lists[of]]?.includes(value) ?? true)).join(''), value);
    }
    return [...one.values()];
  };
  const listed = (of: 'territory' | 'dsp') => [
    noOther,
    ...conditions.flatMap((condition) => condition[lists[of]] ?? []),
  ];
  const territories = kinds('territory', listed('territory'));
  const dsps = kinds('dsp', listed('dsp'));
  const uses = kinds('usageType', usageTypes);
  return territories.some((territory) =>
    dsps.some((dsp) =>
      uses.some((usageType) => conditions.every((condition) => holds(condition, { territory, dsp, usageType }))),
    ),
  );
}

/** A value that nobody can list. */
const noOther = '\0';
