import { describe, expect, it } from '@jest/globals';
import { chart } from '../test/ledger.js';
import { accountOf, accountParts, accountTypeOf, normalSideOf, onNormalSide } from './chart.js';

describe('accountOf', () => {
  it('names an account by its type, and by its dimension where there is one for each', () => {
    expect(accountOf(chart, 'cash')).toBe('cash');
    expect(accountOf(chart, 'royalties-payable', 'auth0|a:b')).toBe('royalties-payable:auth0|a:b');
  });

  it.each([
    ['a needless dimension', 'cash', 'ada', 'There is one account cash'],
    ['no dimension', 'royalties-payable', undefined, 'must name its user'],
    ['an empty dimension', 'royalties-payable', '', 'must name its user'],
    ['a dimension beyond 255 characters', 'royalties-payable', 'x'.repeat(256), 'must name its user'],
    ['a control character', 'royalties-payable', 'a\u0000', 'must name its user'],
    ['half a character', 'royalties-payable', '\ud83d', 'must name its user'],
  ] as const)('refuses %s', (_, type, dimension, message) => {
    expect(() => accountOf(chart, type, dimension)).toThrow(message);
  });
});

it.each(['chash', '', 'Cash', 'toString', '__proto__', ':ada', ' cash'])('%j is no account of the chart', (account) => {
  expect(() => accountTypeOf(chart, account)).toThrow('There is no account type');
});

it('takes an account apart at its first colon', () => {
  expect(accountParts('royalties-payable:a:b')).toEqual({ type: 'royalties-payable', dimension: 'a:b' });
  expect(accountParts('cash')).toEqual({ type: 'cash', dimension: null });
});

it.each([
  ['cash', 'debit', '7.5'],
  ['expense', 'debit', '7.5'],
  ['royalties-payable', 'credit', '-7.5'],
  ['revenue', 'credit', '-7.5'],
  ['returns', 'debit', '7.5'],
] as const)('%s stands on the %s side, where 7.5 of debits read as %s', (type, side, balance) => {
  expect(normalSideOf(chart[type])).toBe(side);
  expect(onNormalSide(chart[type], '7.5')).toBe(balance);
});
