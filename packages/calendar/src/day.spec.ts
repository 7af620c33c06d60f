import { describe, expect, it } from '@jest/globals';
import { dayIn, isDay, monthIn } from './day.js';

describe('a day', () => {
  it.each(['2025-08-31', '2024-02-29', '1000-01-01', '9999-12-31'])('is %s', (day) => expect(isDay(day)).toBe(true));
  it.each([
    '2025-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-01-00',
    '0999-12-31',
    '2025-8-1',
    '20250831',
    '',
    null,
    20250831,
  ])('is not %s', (value) => expect(isDay(value)).toBe(false));
});

describe('dayIn', () => {
  it.each([
    ['2025-08-31T21:59:59.999Z', 'Europe/Berlin', '2025-08-31'],
    ['2025-08-31T22:00:00.000Z', 'Europe/Berlin', '2025-09-01'],
    ['2025-12-31T23:00:00.000Z', 'Europe/Berlin', '2026-01-01'],
    ['2025-03-30T00:59:59.000Z', 'Europe/Berlin', '2025-03-30'],
    ['2025-01-01T04:59:59.000Z', 'America/New_York', '2024-12-31'],
    ['2025-01-01T10:00:00.000Z', 'Pacific/Kiritimati', '2025-01-02'],
    ['2024-02-29T12:00:00.000Z', 'UTC', '2024-02-29'],
  ])('%s in %s is %s', (instant, timeZone, day) => {
    expect(dayIn(new Date(instant), timeZone)).toBe(day);
  });

  it('knows that Samoa had no 30 December 2011', () => {
    expect(dayIn(new Date('2011-12-30T09:59:59Z'), 'Pacific/Apia')).toBe('2011-12-29');
    expect(dayIn(new Date('2011-12-30T10:00:00Z'), 'Pacific/Apia')).toBe('2011-12-31');
  });

  it('refuses unknown time zones and invalid dates', () => {
    expect(() => dayIn(new Date(), 'Europe/Atlantis')).toThrow(RangeError);
    expect(() => dayIn(new Date('yesterday'), 'UTC')).toThrow(RangeError);
  });
});

it('gives the month of the day there', () => {
  expect(monthIn(new Date('2025-08-31T22:00:00Z'), 'Europe/Berlin')).toBe('202509');
  expect(monthIn(new Date('2025-08-31T22:00:00Z'), 'UTC')).toBe('202508');
});
