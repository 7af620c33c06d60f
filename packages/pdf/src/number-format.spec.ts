import { describe, expect, it } from '@jest/globals';
import { formatsOf } from './number-format.js';

const english = formatsOf('en-GB', 'Europe/Copenhagen');
const danish = formatsOf('da-DK', 'Europe/Copenhagen');

describe('an amount', () => {
  it.each([
    ['1234.5', 2, '1,234.50', '1.234,50'],
    ['0', 2, '0.00', '0,00'],
    ['0.125', 2, '0.13', '0,13'],
    ['-0.125', 2, '-0.13', '-0,13'],
    ['1.005', 2, '1.01', '1,01'],
    ['-0.004', 2, '0.00', '0,00'],
    ['999.995', 2, '1,000.00', '1.000,00'],
    ['1234.5', 0, '1,235', '1.235'],
    ['1.0005', 3, '1.001', '1,001'],
    ['12345678901234567890123.455', 2, '12,345,678,901,234,567,890,123.46', '12.345.678.901.234.567.890.123,46'],
  ])('%s with %i decimals is rounded half away from zero: %s, %s', (value, decimals, inEnglish, inDanish) => {
    expect([english.amount(value, decimals), danish.amount(value, decimals)]).toEqual([inEnglish, inDanish]);
  });

  it.each([
    ['0.1', '0.1'],
    ['86.4017394675', '86.4017394675'],
    ['-12345678901234567890.1234567891', '-12,345,678,901,234,567,890.1234567891'],
    ['0.0000000001', '0.0000000001'],
    ['0', '0'],
  ])('is written with all its digits where it is exact: %s', (value, written) => {
    expect(english.exact(value)).toBe(written);
  });
});

describe('days, months and countries', () => {
  it('are those of the language, a day that of the time zone', () => {
    const newYearInCopenhagen = new Date('2025-12-31T23:30:00Z');
    expect([english.day(newYearInCopenhagen), danish.day(newYearInCopenhagen)]).toEqual([
      '1 January 2026',
      '1. januar 2026',
    ]);
    expect([english.date('2025-11-08'), danish.date('2025-11-08')]).toEqual(['8 November 2025', '8. november 2025']);
    expect([english.shortDate('2025-11-08'), danish.shortDate('2025-11-08')]).toEqual(['8 Nov', '8. nov.']);
    expect([english.month('202508'), danish.month('202503')]).toEqual(['August 2025', 'marts 2025']);
    expect(['DE', 'ZZ', 'x'].map((code) => english.country(code))).toEqual(['Germany', 'Unknown Region', 'x']);
    expect(danish.country('DE')).toBe('Tyskland');
  });
});
