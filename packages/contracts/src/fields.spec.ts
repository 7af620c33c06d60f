import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { NumberInText } from './fields.js';

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
