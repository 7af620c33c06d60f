import { expect, it } from '@jest/globals';
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

it.each(['DEA12123456', 'DEA1212345678', 'D1A121234567', 'DEA12123456X', 'DÉA121234567', 'n/a'])(
  'refuses %j',
  (text) => {
    expect(readIsrc(text).problem).toMatch(/^is no ISRC/);
  },
);
