export interface Bar {
  /** From the left edge of the room that all bars share. */
  offset: number;
  /** Never negative. */
  length: number;
}

/**
 * Bars of values on one scale, within a width: zero is one line for all of them, negative values lie to its left and
 * positive ones to its right, and the longest reach takes the whole width. Without any value but zero there is nothing
 * to see.
 */
export function barsOf(values: readonly number[], width: number): Bar[] {
  const lowest = Math.min(0, ...values);
  const reach = Math.max(0, ...values) - lowest;
  if (reach === 0) return values.map(() => ({ offset: 0, length: 0 }));
  const zero = (Math.abs(lowest) / reach) * width;
  return values.map((value) => {
    const length = (Math.abs(value) / reach) * width;
    return { offset: value < 0 ? zero - length : zero, length };
  });
}
