import { compare, minorUnitsOf, roundHalfAwayFromZero } from '@countinghouse/money';

/** An amount as people see it: rounded to the currency's minor unit, half away from zero. */
export const shown = (amount: string, currency: string): string =>
  roundHalfAwayFromZero(amount, minorUnitsOf(currency));

/** The largest amount of whole minor units that is not more than this one; never less than nothing. */
export function payable(amount: string, currency: string): string {
  if (compare(amount, '0') <= 0) return '0';
  const places = minorUnitsOf(currency);
  const [whole = '0', decimals = ''] = amount.split('.');
  const kept = decimals.slice(0, places);
  return roundHalfAwayFromZero(kept === '' ? whole : `${whole}.${kept}`, places);
}
