import { describe, expect, it } from '@jest/globals';
import { barsOf } from './bars.js';

describe('bars', () => {
  it('share one scale, of which the largest value takes all', () => {
    expect(barsOf([10, 5, 0], 100)).toEqual([
      { offset: 0, length: 100 },
      { offset: 0, length: 50 },
      { offset: 0, length: 0 },
    ]);
  });

  it('of negative values lie to the left of zero', () => {
    expect(barsOf([30, -10], 80)).toEqual([
      { offset: 20, length: 60 },
      { offset: 0, length: 20 },
    ]);
    expect(barsOf([-1, -4], 80)).toEqual([
      { offset: 60, length: 20 },
      { offset: 0, length: 80 },
    ]);
  });

  it('are nothing where there is nothing', () => {
    expect(barsOf([0, 0], 80)).toEqual([
      { offset: 0, length: 0 },
      { offset: 0, length: 0 },
    ]);
    expect(barsOf([], 80)).toEqual([]);
  });
});
