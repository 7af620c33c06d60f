import { Readable } from 'node:stream';
import { sum } from '@countinghouse/money';
import { describe, expect, it } from '@jest/globals';
import { type Group, largestGroups } from './largest-groups.js';

const group = (name: string, royalties: string, quantity = '1'): Group => ({ name, royalties, quantity });
const largest = (groups: Group[], count: number) => largestGroups(Readable.from(groups), count);

describe('the largest groups', () => {
  it('are the largest in either direction, the most earned first', async () => {
    const { groups, others } = await largest(
      [group('a', '5'), group('b', '0.1'), group('c', '-7'), group('d', '6.5'), group('e', '-0.3', '-1')],
      3,
    );
    expect(groups.map(({ name }) => name)).toEqual(['d', 'a', 'c']);
    expect(others).toEqual({ count: 2, quantity: '0', royalties: '-0.2' });
  });

  it('are told apart by their last digit, also where doubles are not', async () => {
    const { groups } = await largest(
      [group('a', '12345678901234567.0000000001'), group('b', '-12345678901234567.0000000002')],
      1,
    );
    expect(groups.map(({ name }) => name)).toEqual(['b']);
  });

  it('leave out groups of which nothing is left, but not what earned nothing', async () => {
    const { groups, others } = await largest([group('void', '0', '0'), group('free', '0', '12')], 3);
    expect(groups).toEqual([group('free', '0', '12')]);
    expect(others).toEqual({ count: 0, quantity: '0', royalties: '0' });
  });

  it('and the others are all there is, to the last digit, of however many groups', async () => {
    const all = Array.from({ length: 5_000 }, (_, at) =>
      group(`${at}`, `${at % 3 === 0 ? '-' : ''}${(at * 7_919) % 5_003}.${String(at).padStart(10, '0')}1`),
    );
    const { groups, others } = await largest(all, 8);
    expect(groups).toHaveLength(8);
    expect(others.count).toBe(4_992);
    expect(sum([...groups, others].map(({ royalties }) => royalties))).toBe(sum(all.map(({ royalties }) => royalties)));
    const smallestShown = Math.min(...groups.map(({ royalties }) => Math.abs(Number(royalties))));
    const shown = new Set(groups.map(({ name }) => name));
    const hidden = all.filter(({ name }) => !shown.has(name));
    expect(Math.max(...hidden.map(({ royalties }) => Math.abs(Number(royalties))))).toBeLessThan(smallestShown);
  });
});
