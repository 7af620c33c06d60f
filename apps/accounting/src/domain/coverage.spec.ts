import { expect, it } from '@jest/globals';
import { coverageOf } from './coverage.js';
import type { SplitRule } from './split.js';

const split = (
  id: number,
  startDate: string | null,
  endDate: string | null,
  more: Partial<SplitRule> = {},
): SplitRule => ({
  id,
  scope: { isrc: 'I' },
  startDate,
  endDate,
  conditions: [],
  ...more,
});

it('is one gap when there is no split', () => {
  expect(coverageOf([])).toEqual([{ from: null, to: null, ids: [], hasGap: true }]);
});

it('is cut where splits begin and end, and the one that decides comes first', () => {
  const splits = [split(1, null, '2025-06-01'), split(2, '2025-03-01', '2025-09-01')];
  expect(coverageOf(splits)).toEqual([
    { from: null, to: '2025-03-01', ids: [1], hasGap: false },
    { from: '2025-03-01', to: '2025-06-01', ids: [2, 1], hasGap: false },
    { from: '2025-06-01', to: '2025-09-01', ids: [2], hasGap: false },
    { from: '2025-09-01', to: null, ids: [], hasGap: true },
  ]);
});

it('has a gap where every split has conditions or is for one artist only', () => {
  const conditions = [{ mode: 'include', territories: ['DK'] }] as const;
  expect(coverageOf([split(1, null, null, { conditions })])).toMatchObject([{ ids: [1], hasGap: true }]);
  expect(coverageOf([split(1, null, null, { scope: { isrc: 'I', artist: 'a' } })])).toMatchObject([{ hasGap: true }]);
});
