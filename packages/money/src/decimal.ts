/**
 * Exact amounts are decimal strings such as `86.4017394675` or `-0.5`: an optional minus, digits without needless
 * leading zeros and, after a point, at least one decimal. Every result here is exact and has no trailing zeros.
 */
const plainDecimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

const maxIntegerDigits = 30;

export interface DecimalLimits {
  /** The most decimals that may be written, trailing zeros included. */
  decimals: number;
  /** Inclusive. */
  min?: string;
  /** Inclusive. */
  max?: string;
}

/** Whether a value is a decimal string within the limits, with at most 30 digits before the point. */
export const isDecimal = (value: unknown, { decimals, min, max }: DecimalLimits): value is string => {
  if (typeof value !== 'string' || !plainDecimal.test(value)) return false;
  const [integer = '', fraction = ''] = value.replace('-', '').split('.');
  return (
    integer.length <= maxIntegerDigits &&
    fraction.length <= decimals &&
    (min === undefined || compare(value, min) >= 0) &&
    (max === undefined || compare(value, max) <= 0)
  );
};

/**
 * The decimal string of a JavaScript number: the shortest that reads back as the same number, without an exponent,
 * `1e-7` as `0.0000001`. A literal of up to 15 significant digits comes back with its very digits. NaN and the
 * infinities come back as words, which no decimal check accepts.
 */
export const decimalOf = (value: number): string => {
  const [digits = '', exponent] = String(value).split('e');
  if (exponent === undefined) return digits;
  const { units, scale } = parse(digits);
  const places = scale - Number(exponent);
  return places >= 0 ? write(units, places) : write(units * 10n ** BigInt(-places), 0);
};

/** -1 when a < b, 0 when they are equal (`1.0` and `1` are), 1 when a > b. */
export const compare = (a: string, b: string): number => {
  const left = parse(a);
  const right = parse(b);
  const scale = Math.max(left.scale, right.scale);
  const difference = unitsAt(left, scale) - unitsAt(right, scale);
  return Number(difference > 0n) - Number(difference < 0n);
};

/** The exact sum; `0` of nothing. */
export const sum = (values: Iterable<string>): string => {
  let units = 0n;
  let scale = 0;
  for (const value of values) {
    const term = parse(value);
    const common = Math.max(scale, term.scale);
    units = unitsAt({ units, scale }, common) + unitsAt(term, common);
    scale = common;
  }
  return write(units, scale);
};

/** The exact product. */
export const multiply = (a: string, b: string): string => {
  const left = parse(a);
  const right = parse(b);
  return write(left.units * right.units, left.scale + right.scale);
};

/** Rounded to so many decimals; a half goes away from zero: `0.125` to `0.13` and `-0.125` to `-0.13`. */
export const roundHalfAwayFromZero = (value: string, places: number): string => {
  const { units, scale } = parse(value);
  if (scale <= places) return write(units, scale);
  const step = 10n ** BigInt(scale - places);
  const half = units < 0n ? -step / 2n : step / 2n;
  return write((units + half) / step, places);
};

/** The same amount without trailing zeros: `1.50` as `1.5`, `-0.0` as `0`. */
export const normalise = (value: string): string => {
  const { units, scale } = parse(value);
  return write(units, scale);
};

/** An amount as a whole number of its last decimal place. */
interface Scaled {
  units: bigint;
  scale: number;
}

const parse = (text: string): Scaled => {
  if (!plainDecimal.test(text)) throw new RangeError(`Not a decimal: ${text}`);
  const point = text.indexOf('.');
  return { units: BigInt(text.replace('.', '')), scale: point < 0 ? 0 : text.length - point - 1 };
};

const unitsAt = ({ units, scale }: Scaled, wanted: number): bigint => units * 10n ** BigInt(wanted - scale);

const write = (units: bigint, scale: number): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${fraction && `.${fraction}`}`;
};
