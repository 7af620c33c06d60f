import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readGtin } from './gtin.js';

describe('readGtin', () => {
  it.each([
    ['4006381333931', '4006381333931'], // the EAN-13 of GS1's own examples
    ['036000291452', '036000291452'], // the UPC-A of GS1 US
    ['73513537', '73513537'],
    ['00012345600012', '00012345600012'],
    ['0036000291452', '0036000291452'],
    [' 4 006381 333931 ', '4006381333931'],
    ['empty:4006381333931', '4006381333931'],
    ['EMPTY: 4006381333931', '4006381333931'],
    ['empty:', ''],
    ['00000000', '00000000'],
    ['', ''],
  ])('reads %j as %j', (text, code) => {
    expect(readGtin(text)).toEqual({ value: code });
  });

  it.each([
    '4006381333932',
    '036000291453',
    '400638133393',
    '12345',
    '40063813339310000',
    '4.00638E+12',
    'abc',
    '４００６３８１３３３９３１',
    '73513537\0',
  ])('refuses %j', (text) => {
    expect(readGtin(text).problem).toMatch(/^is no UPC or EAN/);
  });

  it('says which check digit would be right', () => {
    expect(readGtin('4006381333932').problem).toContain('must be 1');
  });

  it('sees any one digit that is wrong, and stays right behind zeros up to 14 digits', () => {
    const start = fc.constantFrom(7, 11, 12, 13).chain((length) => fc.stringMatching(new RegExp(`^\\d{${length}}$`)));
    fc.assert(
      fc.property(start, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, position, change) => {
        const code = [...'0123456789'].map((digit) => digits + digit).find((text) => readGtin(text).value === text)!;
        const at = position % code.length;
        const wrong = code.slice(0, at) + ((Number(code[at]) + change) % 10) + code.slice(at + 1);
        expect(readGtin(wrong).problem).toMatch(/last digit must be/);
        expect(readGtin(code.padStart(14, '0')).value).toBe(code.padStart(14, '0'));
      }),
    );
  });

  it('accepts one check digit for any digits, and no other', () => {
    const digits = fc.constantFrom(7, 11, 12, 13).chain((length) => fc.stringMatching(new RegExp(`^\\d{${length}}$`)));
    fc.assert(
      fc.property(digits, (start) => {
        const accepted = [...'0123456789'].filter((digit) => readGtin(start + digit).problem === undefined);
        expect(accepted).toHaveLength(1);
      }),
    );
  });
});
