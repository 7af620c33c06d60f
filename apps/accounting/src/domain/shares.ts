import { compare, sum } from '@countinghouse/money';

export interface Share {
  userId: string;
  /** Percent; a decimal string. */
  share: string;
}

/** What is wrong with shares that are to be all of something; null when they are. */
export function sharesProblem(shares: readonly Share[]): string | null {
  const users = shares.map(({ userId }) => userId.toLowerCase());
  const twice = users.find((user, at) => users.indexOf(user) !== at);
  if (twice) return `User ${twice} has two shares; add them up`;
  return compare(sum(shares.map(({ share }) => share)), '100') === 0 ? null : 'Split shares must total 100%';
}
