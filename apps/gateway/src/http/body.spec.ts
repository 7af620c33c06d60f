import { PassThrough } from 'node:stream';
import { describe, expect, it, jest } from '@jest/globals';
import { formObject, readBody } from './body.js';
import type { BodyKind } from './route.js';

const read = (kind: BodyKind, stream: PassThrough) =>
  readBody({ routeOptions: { config: { route: { body: kind } } } } as never, stream as never);

describe('a body', () => {
  it('that is a file is handed on unread', async () => {
    const stream = new PassThrough();
    expect(await read('file', stream)).toBe(stream);
  });

  it('that has not come in fifteen seconds is given up, however busily it trickles in', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const stream = new PassThrough();
    const outcome = expect(read('json', stream)).rejects.toThrow('Premature close');
    for (let second = 0; second < 14; second++) {
      stream.write('x');
      await jest.advanceTimersByTimeAsync(1_000);
      expect(stream.destroyed).toBe(false);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    await outcome;
    expect(stream.destroyed).toBe(true);
    jest.useRealTimers();
  });

  it('of a form gives its fields, and a field sent twice as a list that no field accepts', () => {
    expect(formObject(Buffer.from('a=1+2&b=%26&a=3'))).toEqual({ a: ['1 2', '3'], b: '&' });
    expect(formObject(undefined)).toEqual({});
    expect(() => formObject(Buffer.from([0xff]))).toThrow('must be UTF-8');
  });
});
