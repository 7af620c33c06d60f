import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compare, decimalOf, isDecimal, multiply, normalise, roundHalfAwayFromZero, sum } from './decimal.js';

/** Decimals as people write them, trailing zeros and all, with their value in units of 1e-20. */
const decimal = fc
  .record({
    negative: fc.boolean(),
    integer: fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }),
    fraction: fc.stringMatching(/^\d{0,20}$/),
  })
  .map(({ negative, integer, fraction }) => {
    const units = integer * 10n ** 20n + BigInt(fraction.padEnd(20, '0'));
    return { text: `${negative ? '-' : ''}${integer}${fraction && `.${fraction}`}`, units: negative ? -units : units };
  });

const any = { decimals: 20 };

describe('isDecimal', () => {
  it.each(['0', '-0', '7', '-12.5', '0.0031', '86.4017394675', '1.50', `${'9'.repeat(30)}.1`])('accepts %s', (text) => {
    expect(isDecimal(text, any)).toBe(true);
  });

  it.each([
    '',
    ' 1',
    '1\n',
    '+1',
    '.5',
    '5.',
    '1e3',
    '1E-5',
    '1,5',
    '1.2.3',
    '--1',
    '-',
    '007',
    '-01',
    '0x1F',
    '1_000',
    'NaN',
    'Infinity',
    '٣',
    '９',
    '1'.repeat(31),
    5,
    5n,
    null,
    undefined,
    ['1'],
    { toString: () => '1' },
  ])('refuses %p', (value) => {
    expect(isDecimal(value, any)).toBe(false);
  });

  it('counts every decimal that is written', () => {
    expect(isDecimal('1.2500', { decimals: 4 })).toBe(true);
    expect(isDecimal('1.25000', { decimals: 4 })).toBe(false);
    expect(isDecimal('1.0', { decimals: 0 })).toBe(false);
  });

  it('compares with its bounds exactly and includes them', () => {
    const percent = { decimals: 20, min: '0', max: '100' };
    expect(isDecimal('100.000', percent)).toBe(true);
    expect(isDecimal('-0', percent)).toBe(true);
    expect(isDecimal('100.00000000000000000001', percent)).toBe(false);
    expect(isDecimal('-0.00000000000000000001', percent)).toBe(false);
  });

  it('accepts whatever the arithmetic writes', () => {
    fc.assert(fc.property(decimal, ({ text }) => isDecimal(normalise(text), any)));
  });
});

describe('decimalOf', () => {
  it.each([
    [1e-7, '0.0000001'],
    [1.000_000_000_000_01e-7, '0.000000100000000000001'],
    [-2.5e-10, '-0.00000000025'],
    [1e21, '1000000000000000000000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [86.4017394675, '86.4017394675'],
    [-0, '0'],
  ])('writes %p as %s', (value, text) => {
    expect(decimalOf(value)).toBe(text);
  });

  it('writes a decimal that reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = decimalOf(value);
        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text) + 0).toBe(value + 0);
      }),
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])('makes no decimal of %p', (value) => {
    expect(isDecimal(decimalOf(value), any)).toBe(false);
  });
});

describe('compare', () => {
  it('orders as the amounts do', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(compare(a.text, b.text)).toBe(a.units < b.units ? -1 : Number(a.units > b.units));
      }),
    );
  });

  it.each([
    ['1.0', '1', 0],
    ['-0', '0', 0],
    ['0.30000000000000004', '0.3', 1],
    ['-2', '-10', 1],
  ])('%s against %s is %p', (a, b, order) => {
    expect(compare(a, b)).toBe(order);
  });
});

describe('sum', () => {
  it('is exact, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(decimal), (terms) => {
        const total = terms.reduce((units, term) => units + term.units, 0n);
        const texts = terms.map(({ text }) => text);
        expect(compare(multiply(sum(texts), `1${'0'.repeat(20)}`), String(total))).toBe(0);
        expect(sum(texts.toReversed())).toBe(sum(texts));
      }),
    );
  });

  it.each([
    [['0.1', '0.2'], '0.3'],
    [['1.005', '-1.005'], '0'],
    [[], '0'],
    [['99999999999999999999.9999999999', '0.0000000001'], '100000000000000000000'],
  ])('of %j is %s', (terms, total) => {
    expect(sum(terms)).toBe(total);
  });

  it('refuses what is no decimal', () => {
    expect(() => sum(['1', '1e3'])).toThrow(new RangeError('Not a decimal: 1e3'));
  });
});

describe('multiply', () => {
  it('is exact: the product of the units at the sum of the scales', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(compare(multiply(multiply(a.text, b.text), `1${'0'.repeat(40)}`), String(a.units * b.units))).toBe(0);
      }),
    );
  });

  it.each([
    ['0.0031234567', '0.75', '0.002342592525'],
    ['-0.5', '0', '0'],
    ['-1.5', '-2', '3'],
  ])('%s times %s is %s', (a, b, product) => {
    expect(multiply(a, b)).toBe(product);
  });
});

describe('roundHalfAwayFromZero', () => {
  it.each([
    ['0.125', 2, '0.13'],
    ['-0.125', 2, '-0.13'],
    ['0.1249999', 2, '0.12'],
    ['-0.1249999', 2, '-0.12'],
    ['0.5', 0, '1'],
    ['-0.5', 0, '-1'],
    ['-0.4', 0, '0'],
    ['9.995', 2, '10'],
    ['1.50', 5, '1.5'],
    ['0.00000000005', 10, '0.0000000001'],
  ])('%s to %i places is %s', (value, places, rounded) => {
    expect(roundHalfAwayFromZero(value, places)).toBe(rounded);
  });

  it('moves by at most half a step, treats negatives as the mirror image and does nothing twice', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: 0, max: 20 }), ({ text }, places) => {
        const rounded = roundHalfAwayFromZero(text, places);
        const moved = sum([rounded, text.startsWith('-') ? text.slice(1) : `-${text}`]);
        const half = `0.${'0'.repeat(places)}5`;
        expect(compare(moved.replace('-', ''), half)).toBeLessThanOrEqual(0);
        expect(roundHalfAwayFromZero(normalise(multiply(text, '-1')), places)).toBe(multiply(rounded, '-1'));
        expect(roundHalfAwayFromZero(rounded, places)).toBe(rounded);
        expect((rounded.split('.')[1] ?? '').length).toBeLessThanOrEqual(places);
      }),
    );
  });
});

describe('normalise', () => {
  it.each([
    ['1.50', '1.5'],
    ['-0.0', '0'],
    ['100', '100'],
    ['0.10', '0.1'],
  ])('%s becomes %s', (value, normal) => {
    expect(normalise(value)).toBe(normal);
  });
});
