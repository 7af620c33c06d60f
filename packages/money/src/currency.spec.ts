import { expect, it } from '@jest/globals';
import { minorUnitsOf } from './currency.js';

it.each([
  ['EUR', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['CLF', 4],
  ['HUF', 2],
  ['LAK', 2],
])('%s has %i decimals by ISO 4217', (currency, decimals) => {
  expect(minorUnitsOf(currency)).toBe(decimals);
});
