import type { Delimiter } from './records.js';

const cellPatterns: Record<Delimiter, RegExp> = {
  ';': /"([^"]*(?:""[^"]*)*)" *(?=;|$)|([^;]*)/y,
  ',': /"([^"]*(?:""[^"]*)*)" *(?=,|$)|([^,]*)/y,
  '\t': /"([^"]*(?:""[^"]*)*)" *(?=\t|$)|([^\t]*)/y,
};

/** The cells of one well-formed record: quotes taken off, with the spaces around them; doubled quotes made single. */
export function splitRecord(record: string, delimiter: Delimiter): string[] {
  const pattern = cellPatterns[delimiter];
  const cells: string[] = [];
  for (let at = 0; at <= record.length; at = pattern.lastIndex + 1) {
    pattern.lastIndex = at;
    const [, quoted, bare] = pattern.exec(record)!;
    cells.push(bare ?? quoted!.replaceAll('""', '"'));
  }
  return cells;
}
