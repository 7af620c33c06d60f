import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ContractTerms } from './contract-rules.js';
import { overlapsWithin } from './overlaps-within.js';

const terms = (match: string, from: string | null, until: string | null, changes: Partial<ContractTerms> = {}) => ({
  userId: '7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11',
  scope: 'label' as const,
  match,
  aliases: [],
  sharePercent: '50',
  from,
  until,
  ...changes,
});

describe('overlaps within a list of contracts', () => {
  it.each<[string, ContractTerms[], [at: number, other: number][]]>([
    ['the same name without limits', [terms('A', null, null), terms('a', null, null)], [[1, 0]]],
    ['one after the other', [terms('A', null, '202401'), terms('A', '202401', null)], []],
    ['one month in common', [terms('A', '202401', null), terms('A', null, '202402')], [[1, 0]]],
    ['different names', [terms('A', null, null), terms('B', null, null)], []],
    ['different scopes', [terms('1', null, null), terms('1', null, null, { scope: 'track' })], []],
    ['a match and an alias', [terms('A', null, null), terms('B', null, null, { aliases: ['C', ' a '] })], [[1, 0]]],
    ['a spelling twice in one contract', [terms('A', null, null, { aliases: ['a'] })], []],
    [
      'a long one around two short ones, which stand before it',
      [terms('A', '202401', '202402'), terms('A', '202403', '202404'), terms('A', '202301', '202501')],
      [[2, 0]],
    ],
    [
      'a short one hidden behind a long one that began earlier',
      [terms('A', '202301', null), terms('A', '202302', '202303'), terms('A', '202401', '202402')],
      [
        [1, 0],
        [2, 0],
      ],
    ],
  ])('are found: %s', (_, contracts, expected) => {
    expect(overlapsWithin(contracts).map(({ at, other }) => [at, other])).toEqual(expected);
  });

  it('are there exactly when two of the contracts overlap, and every one that is named is one', () => {
    const month = fc.option(fc.integer({ min: 202401, max: 202412 }).map(String));
    const contract = fc.tuple(fc.constantFrom('A', 'B'), month, month).map(([match, a, b]) => {
      const [from, until] = a && b && a > b ? [b, a] : [a, b];
      return terms(match, from, from === until ? null : until);
    });
    const overlap = (a: ContractTerms, b: ContractTerms) =>
      a.match === b.match && (a.from ?? '0') < (b.until ?? '9') && (b.from ?? '0') < (a.until ?? '9');
    fc.assert(
      fc.property(fc.array(contract, { maxLength: 8 }), (contracts) => {
        const found = overlapsWithin(contracts);
        const any = contracts.some((one, at) => contracts.slice(0, at).some((other) => overlap(one, other)));
        expect(found.length > 0).toBe(any);
        for (const { at, other } of found) {
          expect(other).toBeLessThan(at);
          expect(overlap(contracts[at]!, contracts[other]!)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
