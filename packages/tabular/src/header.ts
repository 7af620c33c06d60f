import type { Delimiter } from './records.js';

const delimiters: readonly Delimiter[] = [';', ',', '\t'];

/** The delimiter that separates the most cells of a header line, quoted cells aside. */
export function detectDelimiter(header: string): Delimiter {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const cells = (delimiter: Delimiter) => bare.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (cells(delimiter) > cells(best) ? delimiter : best));
}

/** What two spellings of a column name have in common: neither case, accents, spaces nor the kind of apostrophe count. */
export const columnKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}|\s|\uFEFF/gu, '')
    .replaceAll('’', "'")
    .toLowerCase();

/** Positions in the header of the columns with this name, in the header's order. */
export const columnsNamed = (header: readonly string[], name: string): number[] =>
  header.flatMap((column, at) => (columnKey(column) === columnKey(name) ? [at] : []));
