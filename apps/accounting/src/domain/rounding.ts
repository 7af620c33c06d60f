import { minorUnitsOf, roundHalfAwayFromZero } from '@countinghouse/money';

/** An amount as people see it: rounded to the currency's minor unit, half away from zero. */
export const shown = (amount: string, currency: string): string =>
  roundHalfAwayFromZero(amount, minorUnitsOf(currency));

/** An amount without what is less than the currency's minor unit: of what is due, the most that can be paid. */
export function payable(amount: string, currency: string): string {
  const places = minorUnitsOf(currency);
  const [whole = '0', decimals = ''] = amount.split('.');
  const kept = decimals.slice(0, places);
  return roundHalfAwayFromZero(kept === '' ? whole : `${whole}.${kept}`, places);
}
