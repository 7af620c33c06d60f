import { csvCell, type ScannedRecord, splitRecord, textCell } from '@countinghouse/tabular';
import { TextFile } from '../engine/text-file.js';
import { type Field, fields } from '../layouts/layout.js';
import type { CellReader } from './cell-readers.js';
import type { LineSet } from './line-set.js';
import { recordProblems, wrongCellCount } from './record-problems.js';
import { cellOf } from './source.js';
import { isReadable, scanLines, type StatementText } from './statement-text.js';

/** A line that is not booked: where it is, and why. */
export interface Rejection {
  line: number;
  /** Name of the column as the file has it; empty when the line as a whole is wrong. */
  column: string;
  reason: string;
}

type Readers = Readonly<Record<Field, CellReader>>;

const longestRaw = 10_000;

/**
 * Reads the file once more for the lines that could not be taken, and writes them as `Line,Column,Reason,Raw`, up to
 * `atMost` of them. Answers the first.
 */
export async function writeRejectedLines(
  text: StatementText,
  rejected: LineSet,
  readers: Readers,
  path: string,
  atMost: number,
): Promise<Rejection | null> {
  const file = new TextFile(path, '\uFEFFLine,Column,Reason,Raw\r\n');
  let first: Rejection | null = null;
  let written = 0;
  try {
    if (atMost > 0)
      await scanLines(text, (record) => {
        if (isReadable(record, text) && !rejected.has(record.line)) return true;
        const rejection = rejectionOf(record, text, readers);
        first ??= rejection;
        file.write(csvLine(rejection, rawOf(record)));
        return ++written < atMost;
      });
  } finally {
    file.close();
  }
  return first;
}

const rawOf = (record: ScannedRecord): string => {
  const raw = record.bytes.subarray(0, 4 * longestRaw).toString('utf8');
  return raw.length > longestRaw ? `${raw.slice(0, longestRaw)}…` : raw;
};

const csvLine = ({ line, column, reason }: Rejection, raw: string): string =>
  `${[`${line}`, textCell(column, ','), csvCell(reason, ','), textCell(raw, ',')].join(',')}\r\n`;

function rejectionOf(record: ScannedRecord, text: StatementText, readers: Readers): Rejection {
  const { line, fields: cells, problem } = record;
  if (problem) return { line, column: '', reason: recordProblems[problem] };
  if (!isReadable(record, text)) {
    return { line, column: '', reason: wrongCellCount(cells, text.header.length) };
  }
  const found = firstProblem(splitRecord(record.bytes.toString('utf8'), text.delimiter), text, readers);
  if (!found) throw new Error(`Line ${line} was rejected, but nothing is wrong with its cells`);
  return { line, ...found };
}

function firstProblem(
  cells: readonly string[],
  { sources, header }: StatementText,
  readers: Readers,
): { column: string; reason: string } | null {
  for (const field of fields) {
    const { text, column } = cellOf(sources[field], field, cells);
    if (column === null) continue;
    const { problem } = readers[field](text);
    if (problem) return { column: header[column]!, reason: reasonOf(text, problem) };
  }
  return null;
}

const reasonOf = (cell: string, problem: string): string => {
  if (cell.trim() === '') return 'The cell is empty';
  return `"${cell.length > 100 ? `${cell.slice(0, 100)}…` : cell}" ${problem}`;
};
