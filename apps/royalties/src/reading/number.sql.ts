import { type DecimalMark, evidencePattern, numberPattern, undecidedPattern } from '@countinghouse/tabular';
import { literal } from '@countinghouse/duckdb';

/** The decimal mark that a text shows: 1 the point, 2 the comma, 3 either of them, 0 none. */
export const shownMark = (text: string): string => `
  CASE
    WHEN NOT contains(${text}, '.') AND NOT contains(${text}, ',') THEN 0
    WHEN regexp_full_match(${text}, ${literal(evidencePattern('point'))}) THEN 1
    WHEN regexp_full_match(${text}, ${literal(evidencePattern('comma'))}) THEN 2
    WHEN regexp_full_match(${text}, ${literal(undecidedPattern)}) THEN 3
    ELSE 0
  END`;

/** `plain_number(text)`: for columns what `readNumber` is for one text; there is always a point behind the digits. */
export const numberMacros = (mark: DecimalMark): string => `
  CREATE MACRO shift_point(whole, fraction, point) AS
    substr(repeat('0', greatest(1 - point, 0)) || whole || fraction || repeat('0', greatest(point - length(whole || fraction), 0)), 1, greatest(point, 1))
    || '.' ||
    substr(repeat('0', greatest(1 - point, 0)) || whole || fraction, greatest(point, 1) + 1);
  CREATE MACRO shift_digits(mantissa, power) AS
    shift_point(split_part(mantissa, '.', 1), split_part(mantissa, '.', 2), length(split_part(mantissa, '.', 1)) + power);
  CREATE MACRO plain_number(text) AS
    CASE WHEN regexp_full_match(text, ${literal(numberPattern(mark))}) THEN
      CASE WHEN regexp_matches(text, '^ *[-−(]|[-−] *$') THEN '-' ELSE '' END ||
      shift_digits(
        replace(regexp_replace(split_part(lower(text), 'e', 1), '[^0-9${mark === 'point' ? '.' : ','}]', '', 'g'), ',', '.'),
        CAST('0' || regexp_extract(text, '[eE][+]?([0-9]+)', 1) AS INTEGER) - CAST('0' || regexp_extract(text, '[eE]-([0-9]+)', 1) AS INTEGER)
      )
    END;`;

/** SQL of a quantity, or NULL: for columns what the cell reader of quantities is for one text. */
export const quantityOf = (text: string): string => `
  CASE
    WHEN regexp_full_match(${text}, '-?[0-9]{1,15}') THEN CAST(${text} AS BIGINT)
    WHEN regexp_full_match(plain_number(${text}), '-?0*[0-9]{1,15}[.]0*')
    THEN CAST(split_part(plain_number(${text}), '.', 1) AS BIGINT)
  END`;

/** SQL of a net amount, or NULL: for columns what the cell reader of net amounts is for one text. `type` must hold all of them. */
export const netOf = (text: string, mark: DecimalMark, type: string): string => {
  const [digits, number] =
    mark === 'point'
      ? ['-?[0-9]{1,15}([.][0-9]{1,15})?', text]
      : ['-?[0-9]{1,15}(,[0-9]{1,15})?', `replace(${text}, ',', '.')`];
  return `
  CASE
    WHEN regexp_full_match(${text}, '${digits}') THEN CAST(${number} AS ${type})
    WHEN regexp_full_match(plain_number(${text}), '-?0*[0-9]{1,15}[.]([0-9]{0,15}0*)') THEN CAST(plain_number(${text}) AS ${type})
  END`;
};
