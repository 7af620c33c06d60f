import { DomainError } from '@countinghouse/contracts';
import { describe, expect, it } from '@jest/globals';
import { databaseRefusal, isTemporary, whenAvailable } from './database-errors.js';

const withCode = (code: string, message = 'failed') => Object.assign(new Error(message), { code });
const codeOf = (error: unknown) => (databaseRefusal(error) as DomainError).reply?.code;

describe('databaseRefusal', () => {
  it.each([
    ['53100', 'insufficient_storage'],
    ['57014', 'deadline_exceeded'],
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['53300', 'unavailable'],
    ['08006', 'unavailable'],
    ['ECONNREFUSED', 'unavailable'],
    ['ENOTFOUND', 'unavailable'],
  ])('tells %s as %s', (code, refusal) => {
    expect(codeOf(withCode(code))).toBe(refusal);
    expect(codeOf(Object.assign(new Error('wrapped'), { driverError: withCode(code) }))).toBe(refusal);
    expect(codeOf(new AggregateError([withCode(code), withCode(code)]))).toBe(refusal);
  });

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
    'tells "%s", which has no code, as unavailable',
    (message) => expect(codeOf(new Error(message))).toBe('unavailable'),
  );

  it.each([withCode('23505'), withCode('42601'), new Error('bug'), new DomainError('not_found', 'No'), 'text'])(
    'leaves %s as it is',
    (error) => expect(databaseRefusal(error)).toBe(error),
  );
});

describe('whenAvailable', () => {
  const unavailable = new DomainError('unavailable', 'Not there');

  it('does the work again while what it needs cannot be reached', async () => {
    let attempts = 0;
    const work = async () => {
      if (++attempts < 2) throw unavailable;
      return 'done';
    };
    expect(await whenAvailable(work, () => false)).toBe('done');
  });

  it('gives up when told so, and at any other error at once', async () => {
    const failing = (error: Error) => () => Promise.reject(error);
    await expect(whenAvailable(failing(unavailable), () => true)).rejects.toBe(unavailable);
    const other = new DomainError('conflict', 'No');
    await expect(whenAvailable(failing(other), () => false)).rejects.toBe(other);
    expect(isTemporary(other)).toBe(false);
  });
});
