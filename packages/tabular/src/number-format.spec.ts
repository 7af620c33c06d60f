import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type DecimalMark,
  decideMark,
  evidencePattern,
  numberPattern,
  readNumber,
  undecidedPattern,
} from './number-format.js';

/** Digits with this decimal mark, and with this separator or the other mark at the thousands. */
function written(whole: string, decimals: string, mark: DecimalMark, separator: string): string {
  const thousands = separator === 'other' ? { point: ',', comma: '.' }[mark] : separator;
  const grouped = whole.replaceAll(/(?<=\d)(?=(\d{3})+$)/g, thousands);
  return decimals ? `${grouped}${mark === 'point' ? '.' : ','}${decimals}` : grouped;
}

describe('readNumber', () => {
  it.each<[string, DecimalMark, string]>([
    ['0', 'point', '0'],
    ['-0.50', 'point', '-0.50'],
    ['1234.5', 'point', '1234.5'],
    ['1,234,567.89', 'point', '1234567.89'],
    ['1.234.567,89', 'comma', '1234567.89'],
    ['1 234,5', 'comma', '1234.5'],
    ['1\u00A0234\u00A0567,5', 'comma', '1234567.5'],
    ['1\u202F234', 'comma', '1234'],
    ["1'234.50", 'point', '1234.50'],
    ['1’234.50', 'point', '1234.50'],
    ['12,34-', 'comma', '-12.34'],
    ['(12.34)', 'point', '-12.34'],
    ['(1.234,5)', 'comma', '-1234.5'],
    ['−3.2', 'point', '-3.2'],
    [' 7 ', 'point', '7'],
    ['.5', 'point', '0.5'],
    ['-,25', 'comma', '-0.25'],
    ['007', 'point', '7'],
    ['1.2E-5', 'point', '0.000012'],
    ['1,2e+3', 'comma', '1200'],
    ['12E0', 'point', '12'],
    ['123.456E2', 'point', '12345.6'],
    ['1E-3-', 'point', '-0.001'],
    ['0.123456789012345', 'point', '0.123456789012345'],
  ])('reads %j with a decimal %s as %s', (text, mark, number) => {
    expect(readNumber(text, mark)).toBe(number);
  });

  it.each<[string, DecimalMark]>([
    ['', 'point'],
    ['abc', 'point'],
    ['NaN', 'point'],
    ['Infinity', 'point'],
    ['1,5', 'point'],
    ['1.5', 'comma'],
    ['0,123', 'point'],
    ['0.123', 'comma'],
    ['1,23,456', 'point'],
    ['12,3456', 'point'],
    ['1,234 567', 'point'],
    ['1.2.3', 'point'],
    ['5.', 'point'],
    ['.', 'point'],
    ['--1', 'point'],
    ['-1-', 'point'],
    ['(-1)', 'point'],
    ['(1', 'point'],
    ['+1', 'point'],
    ['1e', 'point'],
    ['1,234E2', 'point'],
    ['1E1000', 'point'],
    ['0x1F', 'point'],
    ['1_000', 'point'],
    ['€5', 'point'],
    ['1 2', 'point'],
    ['１', 'point'],
    ['١', 'point'],
    ['1\0', 'point'],
    ['1\n', 'point'],
  ])('refuses %j with a decimal %s', (text, mark) => {
    expect(readNumber(text, mark)).toBeNull();
  });

  it('reads a million digits, and refuses them before a letter', () => {
    const digits = '9'.repeat(1024 * 1024);
    expect(readNumber(`${digits}-`, 'comma') === `-${digits}`).toBe(true);
    expect(readNumber(`${digits}x`, 'comma')).toBeNull();
  });

  it('shifts the mark by the exponent, to the last digit', () => {
    const digits = fc.stringMatching(/^\d{1,20}$/);
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: -30, max: 30 }), (whole, fraction, exponent) => {
        const [read, behind = ''] = readNumber(`-${whole}.${fraction}e${exponent}`, 'point')!.split('.');
        expect(BigInt(read + behind.padEnd(50, '0'))).toBe(
          -BigInt(whole + fraction) * 10n ** BigInt(50 + exponent - fraction.length),
        );
      }),
    );
  });

  it('reads back any number in any way of writing it', () => {
    const ways = fc.record({
      whole: fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
      decimals: fc.stringMatching(/^\d{0,15}$/),
      mark: fc.constantFrom<DecimalMark>('point', 'comma'),
      separator: fc.constantFrom('', 'other', ' ', '\u00A0', '\u202F', "'", '’'),
      sign: fc.constantFrom('', '-', 'behind', 'parentheses'),
    });
    fc.assert(
      fc.property(ways, ({ whole, decimals, mark, separator, sign }) => {
        const digits = written(whole, decimals, mark, separator);
        const text = { '': digits, '-': `-${digits}`, behind: `${digits}-`, parentheses: `(${digits})` }[sign];
        expect(readNumber(text, mark)).toBe(`${sign && '-'}${whole}${decimals && `.${decimals}`}`);
      }),
    );
  });
});

const fits = (pattern: string, text: string) => new RegExp(`^(?:${pattern})$`).test(text);
const evidenceOf = (values: string[]) => ({
  point: values.filter((value) => fits(evidencePattern('point'), value)).length,
  comma: values.filter((value) => fits(evidencePattern('comma'), value)).length,
  undecided: values.filter((value) => fits(undecidedPattern, value)).length,
});

describe('decideMark', () => {
  it.each<[string[], DecimalMark | null]>([
    [[], 'point'],
    [['1', '-20', '300-'], 'point'],
    [['1 234', "5'000"], 'point'],
    [['1.5'], 'point'],
    [['1,5'], 'comma'],
    [['0.123'], 'point'],
    [['0,123'], 'comma'],
    [[',123'], 'comma'],
    [['(0,123)', '1,234'], 'comma'],
    [['1,234', '12,345', '2,5'], 'comma'],
    [['1,234', '12.5'], 'point'],
    [['1,234.567'], 'point'],
    [['1.234,567'], 'comma'],
    [['1.234.567'], 'comma'],
    [['1,234,567'], 'point'],
    [['1 234,567'], 'comma'],
    [['1.234E-5'], 'point'],
    [['1.2345'], 'point'],
    [['1.234', '5.678'], null],
    [['1,234', '12,345', '-123,456', '7'], null],
    [['1234.567'], null],
    [['1.234', '1,234'], null],
    [['1.5', '2,5'], null],
    [['1.5', '2,5', '3,5'], 'comma'],
    [['n.a.', 'x,yz', '12'], 'point'],
  ])('of %j is %s', (values, mark) => {
    expect(decideMark(evidenceOf(values))).toBe(mark);
  });

  it('reads a file that is written in one way as it was meant, or asks', () => {
    const dialects = fc.record({
      mark: fc.constantFrom<DecimalMark>('point', 'comma'),
      separator: fc.constantFrom('', 'other', ' ', "'"),
      decimals: fc.constantFrom(/^$/, /^\d{3}$/, /^\d{0,4}$/),
    });
    const files = dialects.chain(({ mark, separator, decimals }) =>
      fc.record({
        mark: fc.constant(mark),
        values: fc.array(
          fc
            .tuple(fc.nat().map(String), fc.stringMatching(decimals))
            .map(([whole, fraction]) => written(whole, fraction, mark, separator)),
        ),
      }),
    );
    fc.assert(
      fc.property(files, ({ mark, values }) => {
        const decided = decideMark(evidenceOf(values));
        if (decided)
          expect(values.map((value) => readNumber(value, decided))).toEqual(
            values.map((value) => readNumber(value, mark)),
          );
        else expect(values.some((value) => /^[1-9]\d*[.,]\d{3}$/.test(value))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('has no value that shows both marks, or one and neither', () => {
    const text = fc.string({
      unit: fc.constantFrom('0', '1', '23', '456', '.', ',', ' ', '-', '(', ')', 'e'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, (value) => {
        const { point, comma, undecided } = evidenceOf([value]);
        expect(point + comma + undecided).toBeLessThanOrEqual(1);
        if (point) expect(fits(numberPattern('point'), value) && !fits(numberPattern('comma'), value)).toBe(true);
        if (comma) expect(fits(numberPattern('comma'), value) && !fits(numberPattern('point'), value)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});
