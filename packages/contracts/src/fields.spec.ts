import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { DashedMonth, Day, DayOrInstant, FlagInText, NumberInText } from './fields.js';

class Query {
  @NumberInText()
  id: unknown;
}

describe('a whole number in text', () => {
  it.each([
    ['7289', 7289],
    ['-1', -1],
    [7, 7],
  ])('reads %p as %p', (sent, id) => {
    expect(plainToInstance(Query, { id: sent })).toEqual({ id });
  });

  it.each(['0x10', '1e3', '', ' 5', '1.0', '99999999999999999', true, null])(
    'leaves %p for the validator to refuse',
    (id) => {
      expect(plainToInstance(Query, { id })).toEqual({ id });
    },
  );
});

class Dates {
  @Day()
  day: unknown = '2025-08-31';

  @DashedMonth()
  month: unknown = '2025-08';

  @DayOrInstant()
  at: unknown = '2025-08-31';

  @FlagInText()
  flag: unknown;
}

describe('days, months and instants', () => {
  const wrong = (changes: Partial<Dates>): string[] =>
    validateSync(Object.assign(new Dates(), changes)).map(({ property }) => property);

  it.each<Partial<Dates>>([{}, { at: '2025-08-31T23:59:59.5+02:00' }, { at: '2024-02-29T00:00:00Z' }])(
    '%p are taken',
    (dates) => expect(wrong(dates)).toEqual([]),
  );

  it.each<[keyof Dates, unknown]>([
    ['day', '2025-02-29'],
    ['day', '2025-08-31T00:00:00Z'],
    ['month', '202508'],
    ['month', '2025-13'],
    ['month', null],
    ['at', '2025-08-31T12:00:00'],
    ['at', '2025-02-30T12:00:00Z'],
    ['at', 20250831],
  ])('%s %p is refused', (field, value) => expect(wrong({ [field]: value })).toEqual([field]));

  it.each([
    ['true', true],
    ['false', false],
    ['yes', 'yes'],
    ['', ''],
  ])('reads the flag %p as %p', (flag, expected) =>
    expect(plainToInstance(Dates, { flag })).toMatchObject({ flag: expected }),
  );
});
