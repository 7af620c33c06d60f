import type { Reading } from './reading.js';

/**
 * A UPC or EAN: a GTIN of 8, 12, 13 or 14 digits whose last is its check digit (GS1 General Specifications, 7.9), with
 * its leading zeros, without spaces, hyphens and the prefix `empty:`; empty when the cell is.
 */
export function readGtin(text: string): Reading {
  const digits = text
    .trim()
    .replace(/^empty:/i, '')
    .replaceAll(/[-\s]/g, '');
  if (digits === '') return { value: digits };
  if (!/^(?:\d{8}|\d{12,14})$/.test(digits)) return { problem: 'is no UPC or EAN of 8, 12, 13 or 14 digits' };
  const expected = checkDigit(digits.slice(0, -1));
  return digits.endsWith(`${expected}`)
    ? { value: digits }
    : { problem: `is no UPC or EAN: its last digit must be ${expected} to fit the others` };
}

/** Weights 3 and 1 in turn from the right; the check digit makes the sum a multiple of ten. */
function checkDigit(digits: string): number {
  const sum = [...digits].toReversed().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}
