import { DomainError, type ErrorCode } from '@countinghouse/contracts';

/** What is wrong with a line of an imported file. */
export interface LineProblem {
  line: number;
  /** The column; absent where it is the line as a whole. */
  field?: string;
  message: string;
}

const shown = 100;

/** Throws a `DomainError` that says how many problems there are and names the first hundred; nothing without any. */
export function refuseLines(code: ErrorCode, problems: readonly LineProblem[]): void {
  const [first] = problems;
  if (!first) return;
  const count = problems.length === 1 ? 'is one problem' : `are ${problems.length} problems`;
  const details = problems.slice(0, shown).map((problem) => ({ field: placeOf(problem), message: problem.message }));
  const message = `There ${count}, so nothing was imported. ${placeOf(first)}: ${first.message}`;
  throw new DomainError(code, message, { details });
}

const placeOf = ({ line, field }: LineProblem): string => (field ? `line ${line}, ${field}` : `line ${line}`);
