import { isDecimal } from './decimal.js';

/** Not yet in TypeScript's library: https://tc39.es/proposal-json-parse-with-source/ */
const { rawJSON } = JSON as JSON & { rawJSON: (this: void, text: string) => object };
type SourceReviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * JSON text in which the fields named in `exact` are numbers with the very digits of their decimal strings, wherever
 * they are nested. Anything else in such a field, `null` for instance, is written as it is.
 */
export const jsonOf = (value: unknown, exact: ReadonlySet<string>): string =>
  JSON.stringify(value, (key, field: unknown) =>
    exact.has(key) && isDecimal(field, { decimals: Infinity }) ? rawJSON(field) : field,
  );

/**
 * A number that JavaScript might have rounded, kept as it was written. It is no number to any validator, nor when it
 * is converted to one, so the field that holds it is refused.
 */
export class UnsafeNumber {
  constructor(readonly source: string) {}

  toString(): string {
    return this.source;
  }

  valueOf(): number {
    return Number.NaN;
  }
}

const maxDepth = 32;
const maxSignificantDigits = 15;

/**
 * Reads JSON without ever rounding silently: a number of more than 15 significant digits or with an exponent becomes
 * an `UnsafeNumber`.
 *
 * @throws SyntaxError for text that is not JSON, is nested deeper than 32 levels or has keys that reach for prototypes
 */
export const parseJson = (text: string): unknown => {
  refuseDeepNesting(text);
  const revive: SourceReviver = (key, value, { source }) => {
    if (reachesForPrototype(key, value)) throw new SyntaxError(`The key ${key} is not allowed`);
    return typeof value === 'number' && source !== undefined && !isSafe(source) ? new UnsafeNumber(source) : value;
  };
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown);
};

/** Counted before parsing, so that hostile nesting costs one pass and no recursion. */
const refuseDeepNesting = (text: string): void => {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > maxDepth) throw new SyntaxError(`The JSON is nested deeper than ${maxDepth} levels`);
  }
};

const reachesForPrototype = (key: string, value: unknown): boolean =>
  key === '__proto__' ||
  (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'));

const isSafe = (source: string): boolean => {
  const digits = source.replace('-', '').replace('.', '').replace(/^0+/, '');
  return digits.length <= maxSignificantDigits && !/e/i.test(digits);
};
