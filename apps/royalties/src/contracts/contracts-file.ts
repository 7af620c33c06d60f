import { join } from 'node:path';
import { DomainError } from '@countinghouse/contracts';
import {
  columnKey,
  type Delimiter,
  detectDelimiter,
  detectEncoding,
  NotTextError,
  scanRecords,
  type ScannedRecord,
  splitRecord,
  transcodeToUtf8,
} from '@countinghouse/tabular';
import { recordProblems, wrongCellCount } from '../reading/record-problems.js';
import { type LineProblem, refuseLines } from './line-problems.js';

const required = ['userId', 'scope', 'match', 'sharePercent'] as const;
const optional = ['aliases', 'from', 'to'] as const;
const columns = [...required, ...optional];

export type ContractColumn = (typeof columns)[number];

/** The cells of a line, without white space around; a column that the file does not have is empty. */
export interface ContractLine {
  /** Number of the line in the file, from 1. */
  line: number;
  cells: Record<ContractColumn, string>;
}

/** More would hold everybody else up. */
const maxContractLines = 100_000;

/**
 * The lines of a CSV file of contracts, and what is wrong with those whose cells cannot be told apart. It may be in any
 * encoding, with any delimiter and in any order of columns that statements may have.
 *
 * @param workDir for a copy in UTF-8, where the file is in another encoding
 * @throws DomainError `bad_request` for a file that is no text, has no lines or not the right columns; `too_large`
 */
export async function readContractsFile(
  path: string,
  workDir: string,
): Promise<{ lines: ContractLine[]; problems: LineProblem[] }> {
  const text = await asUtf8(path, workDir);
  const delimiter = await delimiterOf(text);
  const lines: ContractLine[] = [];
  const problems: LineProblem[] = [];
  let header: ContractColumn[] | null = null;
  await scanRecords(text, delimiter, (record) => {
    if (record.isBlank) return;
    const { line } = record;
    const message = problemOf(record, header);
    if (message) problems.push({ line, message });
    if (!header) refuseLines('bad_request', problems);
    if (lines.length + problems.length >= maxContractLines) {
      throw new DomainError('too_large', `The file has more than ${maxContractLines} lines; import it in parts`);
    }
    if (message) return;
    const cells = splitRecord(record.bytes.toString(), delimiter).map((cell) => cell.trim());
    if (header) lines.push({ line, cells: { ...noCells, ...cellsOf(header, cells) } });
    else header = columnsNamed(cells, line);
  });
  if (lines.length + problems.length === 0) {
    throw new DomainError('bad_request', 'The file has a header but no lines');
  }
  return { lines, problems };
}

function problemOf({ problem, fields }: ScannedRecord, header: readonly unknown[] | null): string | null {
  if (problem) return recordProblems[problem];
  return header && fields !== header.length ? wrongCellCount(fields, header.length) : null;
}

async function asUtf8(path: string, workDir: string): Promise<string> {
  const encoding = await detectEncoding(path).catch((error: unknown) => {
    throw error instanceof NotTextError ? new DomainError('bad_request', error.message) : error;
  });
  if (encoding === 'utf-8') return path;
  const copy = join(workDir, 'contracts.csv');
  await transcodeToUtf8(path, encoding, copy);
  return copy;
}

async function delimiterOf(path: string): Promise<Delimiter> {
  let header = '';
  // Which delimiter is assumed does not matter for the names of the columns.
  await scanRecords(path, ',', ({ isBlank, bytes }) => {
    if (!isBlank) header = bytes.toString();
    return isBlank;
  });
  if (header === '') throw new DomainError('bad_request', 'The file is empty');
  return detectDelimiter(header);
}

/** The columns in the file's order. An unknown one is refused: `form` for `from` would make a contract without limit. */
function columnsNamed(names: readonly string[], line: number): ContractColumn[] {
  const found = names.map((name) => columns.find((column) => columnKey(column) === columnKey(name)));
  const problems = names.flatMap((name, at) => {
    const column = found[at];
    if (column === undefined) return [`there is no column "${name}"; the columns are ${columns.join(', ')}`];
    return found.indexOf(column) < at ? [`the column ${column} is there twice`] : [];
  });
  const missing = required.filter((column) => !found.includes(column));
  problems.push(...missing.map((column) => `the column ${column} is missing`));
  refuseLines(
    'bad_request',
    problems.map((message) => ({ line, message })),
  );
  return found as ContractColumn[];
}

const noCells = Object.fromEntries(columns.map((column) => [column, ''])) as ContractLine['cells'];

const cellsOf = (header: readonly ContractColumn[], cells: readonly string[]): Partial<ContractLine['cells']> =>
  Object.fromEntries(header.map((column, at) => [column, cells[at]!]));
