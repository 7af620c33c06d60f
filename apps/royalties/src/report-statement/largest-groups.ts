import { compare, sum } from '@countinghouse/money';

/** What a report has of one release, platform or country. Decimal strings. */
export interface Group {
  name: string;
  quantity: string;
  royalties: string;
}

export interface LargestGroups {
  /** The most royalties first; what was taken back comes last. */
  groups: Group[];
  /** The exact sum of all others. */
  others: { count: number; quantity: string; royalties: string };
}

/** Groups held at once; of more than these, all but the largest are added up. */
const heldAtOnce = 1_000;

/**
 * The groups that matter most in either direction: the largest royalties by magnitude, so that a large refund is named
 * too. Holds few of them at a time, however many there are. Groups in which nothing is left count for nothing.
 */
export async function largestGroups(groups: AsyncIterable<Group>, count: number): Promise<LargestGroups> {
  let held: Group[] = [];
  let others = { count: 0, quantity: '0', royalties: '0' };
  const keepLargest = () => {
    held.sort(byMagnitude);
    const rest = held.slice(count);
    held = held.slice(0, count);
    others = {
      count: others.count + rest.length,
      quantity: sum([others.quantity, ...rest.map(({ quantity }) => quantity)]),
      royalties: sum([others.royalties, ...rest.map(({ royalties }) => royalties)]),
    };
  };
  for await (const group of groups) {
    if (isNothing(group)) continue;
    held.push(group);
    if (held.length >= heldAtOnce) keepLargest();
  }
  keepLargest();
  return { groups: held.sort((a, b) => compare(b.royalties, a.royalties)), others };
}

/** Largest first. What differs as doubles differs the same way as decimals; only what does not is compared by digits. */
const byMagnitude = (a: Group, b: Group): number =>
  Math.abs(Number(b.royalties)) - Math.abs(Number(a.royalties)) ||
  compare(b.royalties.replace('-', ''), a.royalties.replace('-', ''));

const isNothing = ({ quantity, royalties }: Group): boolean => Number(quantity) === 0 && Number(royalties) === 0;
