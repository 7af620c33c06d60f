import { literal } from '@countinghouse/duckdb';
import { periodDash } from '../domain/month-pattern.js';
import type { Field } from '../layouts/layout.js';

/** Where a field's text comes from in one file. Columns are counted from 0. */
export type Source =
  | { readonly constant: string }
  /** The first that is not blank, or a first and a last day. */
  | { readonly columns: readonly number[]; readonly join: 'first' | 'period' }
  | { readonly when: number; readonly is: string; readonly take: number; readonly otherwise: number };

/** All columns that have a say in the text. */
export function columnsIn(source: Source): readonly number[] {
  if ('constant' in source) return [];
  return 'when' in source ? [source.when, source.take, source.otherwise] : source.columns;
}

/** What a code looks like, for RE2 and JavaScript alike: a column of other numbers may stand in for a missing code. */
const codes: { readonly [field in Field]?: string } = {
  isrc: '[A-Za-z]{2}-?[A-Za-z0-9]{3}-?[0-9]{2}-?[0-9]{5}',
  upc: '[0-9]{8}|[0-9]{12,14}',
};

/** SQL of a field's text as it is in the file. It says the same of a row as `cellOf` of its cells. */
export function sourceSql(source: Source, field: Field, columnName: (at: number) => string): string {
  if ('constant' in source) return literal(source.constant);
  if ('when' in source) {
    const { when, is, take, otherwise } = source;
    return `if(${spacelessSql(columnName(when))} = ${literal(is)}, ${columnName(take)}, ${columnName(otherwise)})`;
  }
  const [first, ...later] = source.columns.map(columnName);
  if (source.join === 'period') return `(${first} || ${literal(periodDash)} || ${later[0]})`;
  if (later.length === 0) return first!;
  const counts = (column: string) =>
    field in codes ? `regexp_full_match(${spacelessSql(column)}, '${codes[field]}')` : `${spacelessSql(column)} <> ''`;
  const choices = later.map((column) => `WHEN ${counts(column)} THEN ${column}`);
  return `CASE WHEN ${spacelessSql(first!)} <> '' THEN ${first} ${choices.join(' ')} ELSE '' END`;
}

/** A field's text in a record, and the column it is from. */
export function cellOf(
  source: Source,
  field: Field,
  cells: readonly string[],
): { text: string; column: number | null } {
  if ('constant' in source) return { text: source.constant, column: null };
  if ('when' in source) {
    const column = spaceless(cells[source.when]!) === source.is ? source.take : source.otherwise;
    return { text: cells[column]!, column };
  }
  const [first, ...later] = source.columns as readonly [number, ...number[]];
  if (source.join === 'period') return { text: `${cells[first]}${periodDash}${cells[later[0]!]}`, column: first };
  if (later.length === 0 || spaceless(cells[first]!) !== '') return { text: cells[first]!, column: first };
  const counts = new RegExp(field in codes ? `^(?:${codes[field]})$` : '.', 's');
  const column = later.find((at) => counts.test(spaceless(cells[at]!)));
  return column === undefined ? { text: '', column: first } : { text: cells[column]!, column };
}

/** Without the spaces around it, and those alone: what else is white space is not the same to DuckDB and to JavaScript. */
const spacelessSql = (text: string): string => `trim(${text}, ' ')`;

/** The same for one text. A regular expression would take the square of its length. */
function spaceless(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === ' ') start++;
  while (start < end && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}
