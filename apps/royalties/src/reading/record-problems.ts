import type { RecordProblem } from '@countinghouse/tabular';

/** Why the bytes of a line cannot be taken for cells, in words. */
export const recordProblems: Record<RecordProblem, string> = {
  quotes: 'The line has a quote that is not closed, or text beside a quoted cell',
  encoding: 'The line is not valid UTF-8',
  nul: 'The line contains a zero byte',
  'carriage-return': 'The line contains a carriage return without a line feed',
  'too-long': 'The line is longer than 1 MiB',
};

export const wrongCellCount = (cells: number, columns: number): string =>
  `The line has ${cells} cells, the header ${columns}`;
