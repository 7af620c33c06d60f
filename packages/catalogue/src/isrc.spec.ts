import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readIsrc } from './isrc.js';

it.each([
  ['DEA121234567', 'DEA121234567'],
  ['de-a12-12-34567', 'DEA121234567'],
  [' QZ ABC 12 34567 ', 'QZABC1234567'],
  ['', ''],
  [' - ', ''],
])('reads %j as %j', (text, code) => {
  expect(readIsrc(text)).toEqual({ value: code });
});

it.each([
  'DEA12123456',
  'DEA1212345678',
  'D1A121234567',
  'DEA12123456X',
  'DÉA121234567',
  'ßA121234567',
  'ıTA121234567',
  'DEA１21234567',
  'DEA121234567\0',
  'n/a',
])('refuses %j', (text) => {
  expect(readIsrc(text).problem).toMatch(/^is no ISRC/);
});

it('reads any ISRC, whatever its case and wherever it is separated, and nothing that is a character longer or shorter', () => {
  const code = fc.stringMatching(/^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$/);
  const separators = fc.array(fc.constantFrom('', '-', ' ', '\u00A0'), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(code, separators, (isrc, between) => {
      const text = [...isrc].map((character, at) => character + between[at]).join('');
      expect(readIsrc(text)).toEqual({ value: isrc });
      expect(readIsrc(text.toLowerCase())).toEqual({ value: isrc });
      expect(readIsrc(text + isrc.at(-1)).value).toBeUndefined();
      expect(readIsrc(isrc.slice(0, -1)).value).toBeUndefined();
    }),
  );
});
