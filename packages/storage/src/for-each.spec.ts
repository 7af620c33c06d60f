import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { forEach } from './for-each.js';

const items = Array.from({ length: 100 }, (_, at) => at);

describe('forEach', () => {
  it('does the work on every item, on sixteen at the same time', async () => {
    const done: number[] = [];
    let working = 0;
    let most = 0;
    await forEach(items, async (item) => {
      most = Math.max(most, ++working);
      await turn();
      working--;
      done.push(item);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(items);
    expect(most).toBe(16);
  });

  it('begins no more after a failure, and fails when what it began has ended', async () => {
    const ended: number[] = [];
    const working = forEach(items, async (item) => {
      if (item === 20) throw new Error('on purpose');
      await turn();
      ended.push(item);
    });
    await expect(working).rejects.toThrow('on purpose');
    const begun = [...ended];
    await turn();
    expect(ended).toEqual(begun);
    expect(ended.length).toBeLessThan(60);
  });
});
