import { expect, it } from '@jest/globals';
import { refuseLines } from './line-problems.js';

const refusal = (count: number) => {
  const problems = Array.from({ length: count }, (_, at) => ({ line: at + 2, field: 'from', message: 'is wrong' }));
  try {
    refuseLines('bad_request', problems);
  } catch (error) {
    return (error as { reply: { message: string; details: { field: string }[] } }).reply;
  }
};

it('says how many lines are wrong, and names the first hundred', () => {
  const { message, details } = refusal(250)!;
  expect(message).toBe('There are 250 problems, so nothing was imported. line 2, from: is wrong');
  expect(details.length).toBe(100);
  expect(details.at(-1)).toEqual({ field: 'line 101, from', message: 'is wrong' });
  expect(refusal(1)!.message).toBe('There is one problem, so nothing was imported. line 2, from: is wrong');
});

it('refuses nothing when nothing is wrong', () => {
  expect(refusal(0)).toBeUndefined();
});
