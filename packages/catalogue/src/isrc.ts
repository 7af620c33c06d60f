import type { Reading } from './reading.js';

/**
 * An International Standard Recording Code (ISO 3901) without hyphens and spaces, in upper case; empty when the cell is.
 */
export function readIsrc(text: string): Reading {
  const code = text.replaceAll(/[-\s]/g, '');
  // Before upper case, which makes `SS` of `ß` and `I` of `ı`.
  return /^(?:[A-Z]{2}[A-Z0-9]{3}[0-9]{7})?$/i.test(code)
    ? { value: code.toUpperCase() }
    : { problem: 'is no ISRC: two letters, three letters or digits, seven digits' };
}
