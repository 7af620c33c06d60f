export type DecimalMark = 'point' | 'comma';

/** How many values of a file fit `evidencePattern` of the point, of the comma, and `undecidedPattern`. */
export interface MarkEvidence {
  point: number;
  comma: number;
  undecided: number;
}

const marks = { point: { decimal: '\\.', thousands: ',' }, comma: { decimal: ',', thousands: '\\.' } };
const blanks = [' ', '\u00A0', '\u202F', "'", '’'];
const exponent = '[eE][+-]?[0-9]{1,3}';

const signed = (unsigned: string): string => ` *(?:[-−]?(?:${unsigned})|(?:${unsigned})[-−]|\\((?:${unsigned})\\)) *`;

/**
 * A regular expression, for JavaScript and RE2 alike, of a whole number text: digits with or without thousands
 * separators (all of one kind, each before three digits), up to one decimal mark, a minus in front or behind or
 * parentheses for negatives, an exponent after plain digits.
 */
export function numberPattern(mark: DecimalMark): string {
  const { decimal, thousands } = marks[mark];
  const grouped = [thousands, ...blanks].map((separator) => `[1-9][0-9]{0,2}(?:${separator}[0-9]{3})+`).join('|');
  return signed(`(?:[0-9]+|${grouped})(?:${decimal}[0-9]+)?|${decimal}[0-9]+|[0-9]+(?:${decimal}[0-9]+)?${exponent}`);
}

/** A regular expression, for JavaScript and RE2 alike, of the number texts that can only be read with this decimal mark. */
export function evidencePattern(mark: DecimalMark): string {
  const { decimal, thousands } = marks[mark];
  const otherGroups = [thousands, ...blanks].map(
    (separator) => `[1-9][0-9]{0,2}(?:${separator}[0-9]{3})+${decimal}[0-9]+`,
  );
  return signed(
    [
      `[0-9]*${decimal}(?:[0-9]{1,2}|[0-9]{4,})`,
      `(?:0[0-9]*)?${decimal}[0-9]{3}`,
      `[1-9][0-9]{0,2}(?:${thousands}[0-9]{3}){2,}`,
      `[0-9]+${decimal}[0-9]+${exponent}`,
      ...otherGroups,
    ].join('|'),
  );
}

/** The number texts that either decimal mark could be in: one separator before exactly three digits, no zero leading. */
export const undecidedPattern: string = signed('[1-9][0-9]*[.,][0-9]{3}');

/**
 * The decimal mark of a file: the one that more of its values show; the point when no value has a separator; null when
 * the values do not tell. Values that contradict the answer are bad numbers.
 */
export function decideMark({ point, comma, undecided }: MarkEvidence): DecimalMark | null {
  if (point !== comma) return point > comma ? 'point' : 'comma';
  return point + undecided > 0 ? null : 'point';
}

const patterns = {
  point: new RegExp(`^(?:${numberPattern('point')})$`),
  comma: new RegExp(`^(?:${numberPattern('comma')})$`),
};

/** The same number as plain decimal text, exactly (`(1.234,50)` with a comma is `-1234.50`); null when it is none. */
export function readNumber(text: string, mark: DecimalMark): string | null {
  if (!patterns[mark].test(text)) return null;
  const negative = /^ *[-−(]|[-−] *$/.test(text);
  const [mantissa = '', power = '0'] = text.split(/[eE]([+-]?\d+)/);
  const kept = mark === 'point' ? /[^0-9.]/g : /[^0-9,]/g;
  const [whole = '', fraction = ''] = mantissa.replaceAll(kept, '').split(mark === 'point' ? '.' : ',');
  const point = whole.length + Number(power);
  const digits =
    '0'.repeat(Math.max(1 - point, 0)) +
    whole +
    fraction +
    '0'.repeat(Math.max(point - whole.length - fraction.length, 0));
  const decimals = digits.slice(Math.max(point, 1));
  return `${negative ? '-' : ''}${digits.slice(0, Math.max(point, 1)).replace(/^0+(?=\d)/, '')}${decimals && `.${decimals}`}`;
}
