import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { applies, comparePrecedence, couldTie, type EarningsPlace, type SplitRule, winningSplit } from './split.js';

const uses = ['stream', 'download', 'physical', 'other'];
const keys = { isrc: 'I1', upc: 'U1', artist: 'a1', label: 'l1' };
const place: EarningsPlace = { territory: 'DK', dsp: 'spotify', usageType: 'stream', date: '2025-03-01' };
const split = (changes: Partial<SplitRule> = {}): SplitRule => ({
  id: 1,
  scope: { label: 'l1' },
  startDate: null,
  endDate: null,
  conditions: [],
  ...changes,
});

describe('a split applies', () => {
  it.each<[string, Partial<SplitRule>, boolean]>([
    ['to its label', {}, true],
    ['not to another label', { scope: { label: 'l2' } }, false],
    ['when all keys are equal', { scope: { ...keys } }, true],
    ['not when one key differs', { scope: { isrc: 'I1', artist: 'a2' } }, false],
    ['from its first day', { startDate: '2025-03-01' }, true],
    ['not before its first day', { startDate: '2025-03-02' }, false],
    ['not from its end', { endDate: '2025-03-01' }, false],
    ['until its end', { endDate: '2025-03-02' }, true],
    ['in the territories it includes', { conditions: [{ mode: 'include', territories: ['SE', 'DK'] }] }, true],
    [
      'not where only one of two lists fits',
      { conditions: [{ mode: 'include', territories: ['DK'], dsps: ['x'] }] },
      false,
    ],
    [
      'where only one of two excluded lists fits',
      { conditions: [{ mode: 'exclude', territories: ['DK'], dsps: ['x'] }] },
      true,
    ],
    [
      'not where all excluded lists fit',
      { conditions: [{ mode: 'exclude', territories: ['DK'], usageTypes: ['stream'] }] },
      false,
    ],
    [
      'only when every condition holds',
      {
        conditions: [
          { mode: 'include', territories: ['DK'] },
          { mode: 'exclude', dsps: ['spotify'] },
        ],
      },
      false,
    ],
  ])('%s', (_, changes, expected) => expect(applies(split(changes), keys, place)).toBe(expected));
});

describe('of the splits that apply, the one wins', () => {
  const conditions = [{ mode: 'include', territories: ['DK'] }] as const;
  it.each<[string, Partial<SplitRule>, Partial<SplitRule>]>([
    ['of the track and release before the track', { scope: { isrc: 'I1', upc: 'U1' } }, { scope: { isrc: 'I1' } }],
    [
      'of the track before release, artist and label',
      { scope: { isrc: 'I1' } },
      { scope: { upc: 'U1', artist: 'a1', label: 'l1' } },
    ],
    ['of the release before the artist', { scope: { upc: 'U1' } }, { scope: { artist: 'a1', label: 'l1' } }],
    ['of the artist before the label', { scope: { artist: 'a1' } }, { scope: { label: 'l1' } }],
    ['of the narrower scope, whatever the conditions', { scope: { artist: 'a1' } }, { conditions }],
    ['with conditions before the one without', { conditions }, { startDate: '2025-01-01' }],
    ['that starts later', { startDate: '2025-01-01' }, { startDate: '2024-01-01' }],
    ['that starts at all before the one from ever', { startDate: '1900-01-01' }, {}],
  ])('%s', (_, first, second) => {
    const winner = split({ id: 1, ...first });
    const loser = split({ id: 2, ...second });
    expect(winningSplit([loser, winner], keys, place)).toBe(winner);
    expect(winningSplit([winner, loser], keys, place)).toBe(winner);
  });

  it('and none when none applies', () =>
    expect(winningSplit([split({ endDate: '2000-01-01' })], keys, place)).toBeNull());
});

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const territories = ['DK', 'SE', 'DE'];
const dsps = ['spotify', 'apple', 'deezer'];
const conditionOf = fc.record(
  {
    mode: fc.constantFrom('include', 'exclude'),
    territories: some(territories),
    dsps: some(dsps),
    usageTypes: some(uses),
  },
  { requiredKeys: ['mode'] },
);
const days = ['2025-01-01', '2025-01-15', '2025-01-20', '2025-02-01', '2025-02-02', '2025-04-01'];
const splitOf = fc
  .record({
    id: fc.nat(),
    scope: fc.constantFrom({ label: 'l1' }, { artist: 'a1' }, { isrc: 'I1' }, { label: 'l2' }),
    startDate: fc.constantFrom(null, ...days),
    endDate: fc.constantFrom(null, ...days),
    conditions: fc.array(conditionOf, { maxLength: 3 }),
  })
  .filter(({ startDate, endDate }) => !startDate || !endDate || startDate < endDate);

/** Every place there is, with a territory and a store that no list names. */
const everywhere = ['2024-12-01', '2025-01-01', '2025-02-01', '2025-03-01', '2025-04-01', '2025-05-01'].flatMap(
  (date) =>
    [...territories, 'XX'].flatMap((territory) =>
      [...dsps, 'x'].flatMap((dsp) => uses.map((usageType) => ({ territory, dsp, usageType, date }))),
    ),
);

describe('two splits that could tie', () => {
  it('are those for which some row has nothing to choose between them', () => {
    fc.assert(
      fc.property(splitOf, splitOf, (a, b) => {
        const rows = everywhere.flatMap((where) => [keys, { ...keys, label: 'l2' }].map((what) => ({ what, where })));
        const ties = rows.some(({ what, where }) => applies(a, what, where) && applies(b, what, where));
        expect(couldTie(a, b, uses)).toBe(ties && comparePrecedence(a, b) === 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('do not tie when the days they share hold no first day of a month', () => {
    const dates = { startDate: '2025-01-15', endDate: '2025-01-31' };
    expect(couldTie(split(dates), split(dates), uses)).toBe(false);
    expect(couldTie(split({ ...dates, endDate: '2025-02-02' }), split({ ...dates, endDate: null }), uses)).toBe(true);
    expect(
      couldTie(split({ startDate: '2024-12-31' }), split({ startDate: '2024-12-31', endDate: '2025-01-01' }), uses),
    ).toBe(false);
  });
});
