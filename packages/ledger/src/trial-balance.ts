import { compare, multiply } from '@countinghouse/money';
import { type AccountClass, type Chart, onNormalSide } from './chart.js';

/** What all accounts of a type come to in a currency: debits positive, credits negative; exact. */
export interface TypeTotal {
  type: string;
  currency: string;
  amount: string;
}

/** An account type in one currency. What it comes to stands in one of the two columns; the other is 0. */
export interface TrialBalanceRow {
  type: string;
  class: AccountClass;
  currency: string;
  debit: string;
  credit: string;
  /** Positive on the type's normal side. */
  balance: string;
}

/**
 * The trial balance: a row per currency and account type, in the order of the chart. Per currency the debit column and
 * the credit column add up to the same.
 *
 * @throws RangeError for a type that the chart does not have
 */
export const trialBalanceOf = (chart: Chart, totals: readonly TypeTotal[]): TrialBalanceRow[] => {
  const order = new Map(Object.keys(chart).map((type, index) => [type, index]));
  const rank = ({ type }: TypeTotal): number => order.get(type) ?? Infinity;
  return totals
    .toSorted((a, b) => a.currency.localeCompare(b.currency, 'en') || rank(a) - rank(b))
    .map(({ type, currency, amount }) => {
      const found = chart[type];
      if (!found) throw new RangeError(`There is no account type ${type} in the chart`);
      const [debit, credit] = compare(amount, '0') > 0 ? [amount, '0'] : ['0', multiply(amount, '-1')];
      return { type, class: found.class, currency, debit, credit, balance: onNormalSide(found, amount) };
    });
};
