import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { addMonths, isMonth, isMonthWithin, monthOf } from './month.js';

const month = fc
  .tuple(fc.integer({ min: 1200, max: 9800 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, number]) => monthOf(year, number));

describe('isMonth', () => {
  it.each(['202508', '100001', '999912'])('accepts %s', (text) => expect(isMonth(text)).toBe(true));

  it.each(['202500', '202513', '2025-08', '20258', '2025080', ' 202508', '202508\n', '002508', '', 202508, null])(
    'refuses %j',
    (value) => expect(isMonth(value)).toBe(false),
  );
});

describe('monthOf', () => {
  it('writes YYYYMM', () => expect(monthOf(2025, 8)).toBe('202508'));

  it.each([
    [2025, 0],
    [2025, 13],
    [999, 1],
    [2025.5, 1],
    [Number.NaN, 1],
  ])('knows no month %p %p', (year, number) => expect(() => monthOf(year, number)).toThrow(RangeError));
});

describe('addMonths', () => {
  it.each([
    ['202512', 1, '202601'],
    ['202501', -1, '202412'],
    ['202508', 0, '202508'],
    ['202508', 29, '202801'],
  ])('%s and %i months is %s', (from, count, to) => expect(addMonths(from, count)).toBe(to));

  it('is undone by going back, and keeps the order', () => {
    fc.assert(
      fc.property(month, fc.integer({ min: 1, max: 2000 }), (from, count) => {
        const later = addMonths(from, count);
        expect(addMonths(later, -count)).toBe(from);
        expect(later > from).toBe(true);
      }),
    );
  });
});

describe('isMonthWithin', () => {
  it.each([
    ['202508', '202508', '202509', true],
    ['202509', '202508', '202509', false],
    ['202507', '202508', null, false],
    ['999912', '202508', null, true],
    ['100001', null, '202509', true],
    ['202508', '202508', '202508', false],
  ])('%s within [%s, %s) is %p', (text, from, until, within) => {
    expect(isMonthWithin(text, from, until)).toBe(within);
  });
});
