import type { Delimiter } from '@countinghouse/tabular';

/** The first line of a file that we write, byte order mark included. */
export const csvHeader = (columns: readonly string[], delimiter: Delimiter): string =>
  `\uFEFF${columns.join(delimiter)}\r\n`;

/** SQL of cells that are ready, with delimiters between them. */
export const csvCells = (cells: readonly string[], delimiter: Delimiter): string =>
  `concat(${cells.join(`, '${delimiter}', `)})`;

/** SQL function `text_cell(text)`: for columns what `textCell` is for one text. */
export const csvMacros = (delimiter: Delimiter): string => `
  CREATE MACRO quoted_cell(text) AS
    if(regexp_matches(text, '["\\r\\n${delimiter}]'), '"' || replace(text, '"', '""') || '"', text);
  CREATE MACRO text_cell(text) AS
    quoted_cell(if(regexp_matches(text, '^[=+\\-@\\t\\r]'), '''' || text, text));`;
