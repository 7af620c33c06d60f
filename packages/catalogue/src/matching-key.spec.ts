import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { codeKey, labelKey, matchingKeys } from './matching-key.js';

describe('labelKey', () => {
  it.each([
    ['Polar Records', 'POLAR RECORDS'],
    ['Polar Records', '  Polar\u00A0  Records\t'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['Ａｂｃ １２', 'abc 12'],
    ['ﬁne', 'FINE'],
    ['Café', 'Cafe\u0301'],
    ['№ 5', 'NO 5'],
    ['İstanbul', 'i̇STANBUL'],
    ['ŉ', 'ʼN'],
  ])('takes %j and %j for the same', (one, other) => {
    expect(labelKey(one)).toBe(labelKey(other));
  });

  it.each([
    ['Cafe', 'Café'],
    ['ISTANBUL', 'ıstanbul'],
    ['Polar Records', 'PolarRecords'],
    ['Polar Records', 'Polar Records Ltd.'],
  ])('tells %j from %j', (one, other) => {
    expect(labelKey(one)).not.toBe(labelKey(other));
  });

  it('is the same in upper and lower case for every letter there is, but for the dotless i', () => {
    const differing = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code)).filter((letter) => {
      const [upper, lower] = [letter.toUpperCase(), letter.toLowerCase()];
      if (upper === letter && lower === letter) return false;
      return labelKey(upper) !== labelKey(letter) || labelKey(lower) !== labelKey(letter);
    });
    expect(differing).toEqual(['ı']);
  });

  it('is its own key, and that of its upper and lower case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const key = labelKey(name);
        expect(labelKey(key)).toBe(key);
        if (!/[ıİ]/.test(name.normalize('NFKC'))) expect(labelKey(name.toUpperCase())).toBe(key);
      }),
    );
  });
});

it.each([
  ['DE-A12-12-34567', 'DEA121234567'],
  ['dea121234567', 'DEA121234567'],
  ['0 602445 790128', '602445790128'],
  ['00602445790128', '602445790128'],
  ['0000', ''],
  ['0\u00A0602–445/790.128', '602445790128'],
  ['100', '100'],
])('codeKey of %j is %j', (code, key) => {
  expect(codeKey(code)).toBe(key);
});

it('a contract is found by each of its spellings once', () => {
  expect(matchingKeys('label', ['Polar Records', 'POLAR  RECORDS', 'Polar', ' '])).toEqual(['polar records', 'polar']);
  expect(matchingKeys('release', ['0602445790128', '602445790128'])).toEqual(['602445790128']);
  expect(matchingKeys('track', ['DE-A12-12-34567'])).toEqual(['DEA121234567']);
});
