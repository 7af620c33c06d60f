import { sum } from '@countinghouse/money';
import { expect, it } from '@jest/globals';
import { chart } from '../test/ledger.js';
import { trialBalanceOf } from './trial-balance.js';

const totals = [
  { type: 'revenue', currency: 'USD', amount: '-3' },
  { type: 'cash', currency: 'USD', amount: '3' },
  { type: 'returns', currency: 'EUR', amount: '4.5' },
  { type: 'revenue', currency: 'EUR', amount: '-100' },
  { type: 'royalties-payable', currency: 'EUR', amount: '20' },
  { type: 'cash', currency: 'EUR', amount: '75.5' },
  { type: 'expense', currency: 'EUR', amount: '0' },
];

it('lists currencies, then types as the chart does, each in its column and on its normal side', () => {
  expect(trialBalanceOf(chart, totals)).toEqual([
    { type: 'cash', class: 'asset', currency: 'EUR', debit: '75.5', credit: '0', balance: '75.5' },
    // paid in advance: a debit where credits are normal
    { type: 'royalties-payable', class: 'liability', currency: 'EUR', debit: '20', credit: '0', balance: '-20' },
    { type: 'revenue', class: 'income', currency: 'EUR', debit: '0', credit: '100', balance: '100' },
    { type: 'expense', class: 'expense', currency: 'EUR', debit: '0', credit: '0', balance: '0' },
    { type: 'returns', class: 'income', currency: 'EUR', debit: '4.5', credit: '0', balance: '4.5' },
    { type: 'cash', class: 'asset', currency: 'USD', debit: '3', credit: '0', balance: '3' },
    { type: 'revenue', class: 'income', currency: 'USD', debit: '0', credit: '3', balance: '3' },
  ]);
});

it('has columns that add up to the same in each currency', () => {
  for (const rows of Map.groupBy(trialBalanceOf(chart, totals), ({ currency }) => currency).values())
    expect(sum(rows.map(({ debit }) => debit))).toBe(sum(rows.map(({ credit }) => credit)));
});

it('refuses a type that the chart does not have', () => {
  expect(() => trialBalanceOf(chart, [{ type: 'equity', currency: 'EUR', amount: '1' }])).toThrow('equity');
});
