import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { LineSet } from './line-set.js';

it('has the lines that were added, and no others', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 100_000 })), fc.nat({ max: 100_000 }), (lines, other) => {
      const set = new LineSet();
      for (const line of lines) set.add(line);
      expect(lines.every((line) => set.has(line))).toBe(true);
      expect(set.has(other)).toBe(lines.includes(other));
    }),
  );
});
