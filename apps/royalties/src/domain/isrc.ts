import type { Reading } from './reading.js';

/**
 * An International Standard Recording Code (ISO 3901) without hyphens and spaces, in upper case; empty when the cell is.
 */
export function readIsrc(text: string): Reading {
  const code = text.replaceAll(/[-\s]/g, '').toUpperCase();
  return /^(?:[A-Z]{2}[A-Z0-9]{3}[0-9]{7})?$/.test(code)
    ? { value: code }
    : { problem: 'is no ISRC: two letters, three letters or digits, seven digits' };
}
