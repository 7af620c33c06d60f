import { expect, it } from '@jest/globals';
import type { SplitRule } from './split.js';
import { explainMatch } from './split-match.js';

const split = (id: number, changes: Partial<SplitRule> = {}): SplitRule => ({
  id,
  scope: { label: 'l' },
  startDate: null,
  endDate: null,
  conditions: [],
  ...changes,
});
const place = { territory: 'DK', dsp: 'spotify', usageType: 'stream', date: '2025-08-01' };

it('says which split decides, and of each other one why it does not', () => {
  const splits = [
    split(1),
    split(2, { scope: { isrc: 'I', label: 'l' } }),
    split(3, { conditions: [{ mode: 'include', territories: ['SE'] }] }),
    split(4, { endDate: '2025-01-01' }),
    split(5, { startDate: '2025-09-01' }),
    split(6, { startDate: '2025-01-01' }),
    split(7, { conditions: [{ mode: 'exclude', territories: ['SE'] }] }),
  ];
  expect(explainMatch(splits, { isrc: 'I', label: 'l' }, place)).toEqual({
    winner: 2,
    reason: 'applies: its scope is isrc and label',
    others: [
      { id: 7, reason: 'applies, but split 2 is narrower: isrc and label before label' },
      { id: 6, reason: 'applies, but split 2 is narrower: isrc and label before label' },
      { id: 1, reason: 'applies, but split 2 is narrower: isrc and label before label' },
      { id: 3, reason: 'its conditions do not hold' },
      { id: 5, reason: 'begins on 2025-09-01' },
      { id: 4, reason: 'ended before 2025-01-01' },
    ],
  });
});

it('says what decided between splits of one scope', () => {
  const conditions = [{ mode: 'include', territories: ['DK'] }] as const;
  const match = explainMatch([split(1), split(2, { conditions })], { label: 'l' }, place);
  expect(match).toMatchObject({ winner: 2, reason: 'applies: its scope is label, and its conditions hold' });
  expect(match.others).toEqual([{ id: 1, reason: 'applies, but split 2 has conditions' }]);
  const later = explainMatch([split(1), split(2, { startDate: '2025-01-01' })], { label: 'l' }, place);
  expect(later.others).toEqual([{ id: 1, reason: 'applies, but split 2 starts later (2025-01-01)' }]);
});

it('leaves everything to the owner where no split applies', () => {
  expect(explainMatch([], { isrc: 'I' }, place)).toEqual({
    winner: null,
    reason: 'no split applies; everything goes to the owner of the line',
    others: [],
  });
});
