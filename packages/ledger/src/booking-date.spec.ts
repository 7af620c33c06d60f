import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { bookingDate, isDay, monthAfter, monthOfDay } from './booking-date.js';

describe('bookingDate', () => {
  it.each([
    ['2025-12-31', [], '2025-12-31'],
    ['2025-12-31', ['2025-11', '2026-01'], '2025-12-31'],
    ['2025-12-01', ['2025-12'], '2026-01-01'],
    ['2025-11-30', ['2025-12', '2025-11'], '2026-01-01'],
    ['2025-11-30', ['2025-11', '2026-01'], '2025-12-01'],
  ])('of %s with %j closed is %s', (day, closed, expected) => {
    expect(bookingDate(day, new Set(closed))).toBe(expected);
  });

  it('is the first open day, and never before its own', () => {
    const days = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
    const months = fc.uniqueArray(
      fc
        .integer({ min: 0, max: 47 })
        .map((count) => `20${24 + Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`),
    );
    fc.assert(
      fc.property(days, months, (date, closed) => {
        const day = date.toISOString().slice(0, 10);
        const open = new Date(`${day}T00:00:00Z`);
        while (closed.includes(open.toISOString().slice(0, 7))) open.setUTCDate(open.getUTCDate() + 1);
        expect(bookingDate(day, new Set(closed))).toBe(open.toISOString().slice(0, 10));
      }),
    );
  });
});

it('knows the month of a day and the month after', () => {
  expect(monthOfDay('2025-12-31')).toBe('2025-12');
  expect(monthAfter('2025-12')).toBe('2026-01');
});

describe('isDay', () => {
  it.each(['2024-02-29', '1000-01-01', '9999-12-31'])('accepts %s', (day) => expect(isDay(day)).toBe(true));

  it.each(['2025-02-29', '2025-13-01', '2025-00-10', '2025-1-1', '0999-01-01', '2025-01-01T00:00', ' 2025-01-01', ''])(
    'refuses %j',
    (day) => expect(isDay(day)).toBe(false),
  );
});
