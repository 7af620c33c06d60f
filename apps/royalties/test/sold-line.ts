import * as fc from 'fast-check';

/** A line as its distributor knows it. */
export interface SoldLine {
  year: number;
  month: number;
  day: number;
  store: string;
  /** How the file spells the country, and its ISO code. */
  country: readonly [spelling: string, code: string];
  label: string;
  artist: string;
  release: string;
  track: string;
  upc: string;
  isrc: string;
  catalogNumber: string;
  subscription: string;
  /** Which of the distributor's kinds of sales. */
  kind: number;
  quantity: number;
  /** In 10⁻¹⁵. */
  net: bigint;
  /** Free choices of the distributor. */
  isRelease: boolean;
  choice: number;
  numbers: NumberStyle;
}

export interface NumberStyle {
  thousands: string;
  negative: 'before' | 'behind' | 'brackets';
  exponent: boolean;
}

/** Of amounts. */
export const unit = 10n ** 15n;

/** A line whose amounts show the decimal mark. */
export const showingLine: SoldLine = {
  year: 2025,
  month: 7,
  day: 1,
  store: 'Spotify',
  country: ['DE', 'DE'],
  label: 'Polar Records',
  artist: 'Ada',
  release: 'Winter',
  track: 'Snow',
  upc: '4260123459598',
  isrc: 'DEA622500001',
  catalogNumber: 'PR-1',
  subscription: 'Premium',
  kind: 0,
  quantity: 3,
  net: unit / 2n,
  isRelease: false,
  choice: 1,
  numbers: { thousands: '', negative: 'before', exponent: false },
};

const parts = ['a', 'Z', '1', 'é', 'ß', 'ñ', ' ', ';', ',', '\t', '"', '""', '\n', '\r\n', "'", '&', '&amp;', '=', '|'];
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...parts), maxLength: 12 }),
  fc.constantFrom('Snow', 'Total_Eclipse', ''),
);

const checked = (digits: string): string => {
  const sum = [...digits].reduceRight(
    (total, digit, at) => total + Number(digit) * ((digits.length - at) % 2 === 1 ? 3 : 1),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
};

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

const upc = fc.oneof(
  fc.constantFrom('', 'empty:', 'empty:4260123459598'),
  fc.constantFrom(7, 11, 12, 13).chain(digits).map(checked),
);
const isrc = fc.oneof(
  fc.constant(''),
  digits(7).map((number) => `DEA62${number}`),
  digits(7).map((number) => `QZ0A1${number}`),
); // prettier-ignore

export const soldLine: fc.Arbitrary<SoldLine> = fc.record({
  year: fc.integer({ min: 2015, max: 2030 }),
  month: fc.integer({ min: 1, max: 12 }),
  day: fc.integer({ min: 1, max: 28 }),
  store: text,
  country: fc.constantFrom<readonly [string, string]>(
    ...([
      ['Germany', 'DE'],
      ['FR', 'FR'],
      ['USA', 'US'],
      ['UK', 'GB'],
      ['WW', 'ZZ'],
      ['', 'ZZ'],
      ['OU', 'ZZ'],
    ] as const), // prettier-ignore
  ),
  label: text,
  artist: text,
  release: text,
  track: text,
  upc,
  isrc,
  catalogNumber: text,
  subscription: text,
  kind: fc.nat({ max: 11 }),
  quantity: fc.integer({ min: -2_000_000, max: 2_000_000_000 }),
  net: fc.oneof(
    fc.bigInt({ min: -(10n ** 30n - 1n), max: 10n ** 30n - 1n }),
    fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
    fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => BigInt(cents) * 10n ** 13n),
  ),
  isRelease: fc.boolean(),
  choice: fc.nat({ max: 41 }),
  numbers: fc.record({
    thousands: fc.constantFrom('', 'other mark', ' ', '\u00A0', "'"),
    negative: fc.constantFrom('before', 'behind', 'brackets'),
    exponent: fc.boolean(),
  }),
});
