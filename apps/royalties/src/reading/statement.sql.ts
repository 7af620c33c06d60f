import { longestRecord } from '@countinghouse/tabular';
import { literal } from '@countinghouse/duckdb';
import type { Field } from '../layouts/layout.js';
import { columnsIn, sourceSql } from './source.js';
import type { StatementText } from './statement-text.js';

/**
 * The readable records of a statement, all cells as text. Nothing is left for DuckDB to guess, and what it cannot read
 * in the strictest way is an error, not a row: our own scan has taken out the records that are wrong.
 */
export function recordsOf({ path, numberedCopy, delimiter, header, hasBreaksInCells }: StatementText): string {
  const columns = [...(numberedCopy ? ['line'] : []), ...header.map((_, at) => columnName(at))];
  const options = [
    'auto_detect = false',
    'strict_mode = true',
    `header = ${!numberedCopy}`,
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    // Left to itself it takes the first line break of the file, which in a plain file is that of every record.
    ...(numberedCopy ? [`new_line = '\\n'`] : []),
    // A text that no cell can be, so that an empty cell is an empty text and not NULL.
    `nullstr = e'\\n'`,
    'allow_quoted_nulls = false',
    `max_line_size = ${2 * longestRecord}`,
    // Only a reader that sees the whole file knows which line breaks are inside of quotes.
    `parallel = ${!hasBreaksInCells}`,
    `columns = {${columns.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}`,
  ];
  return `read_csv(${literal(numberedCopy ?? path)}, ${options.join(', ')})`;
}

export const columnName = (at: number): string => `column${at}`;

/** SQL of a field's text as it is in the file, for rows of `recordsOf`. */
export const textOf = ({ sources }: StatementText, field: Field): string =>
  sourceSql(sources[field], field, columnName);

/** The columns that fields are read from, each once. Where there is none, the first column stands in. */
export const columnsOf = ({ sources }: StatementText, fields: readonly Field[]): string[] => {
  const columns = [...new Set(fields.flatMap((field) => columnsIn(sources[field])))];
  return (columns.length === 0 ? [0] : columns).map(columnName);
};
