import { expect, it } from '@jest/globals';
import { payable, shown } from './rounding.js';

it.each([
  ['86.4017394675', 'EUR', '86.4'],
  ['0.005', 'EUR', '0.01'],
  ['-0.005', 'EUR', '-0.01'],
  ['1234.5', 'JPY', '1235'],
  ['0.0005', 'KWD', '0.001'],
])('%s %s is shown as %s', (amount, currency, expected) => expect(shown(amount, currency)).toBe(expected));

it.each([
  ['86.4099999', 'EUR', '86.4'],
  ['86.419', 'EUR', '86.41'],
  ['0.0099', 'EUR', '0'],
  ['-5', 'EUR', '-5'],
  ['-0.001', 'EUR', '0'],
  ['1234.99', 'JPY', '1234'],
  ['1.9999', 'KWD', '1.999'],
  ['7', 'EUR', '7'],
])('of %s %s at most %s can be paid', (amount, currency, expected) => expect(payable(amount, currency)).toBe(expected));
