import type { Reading } from '@countinghouse/catalogue';

export type MonthReader = (text: string) => Reading;

const parts: Record<string, string> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
};

const timeOfDay = '(?:[ T]+\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\\d{2}:?\\d{2})?)?';

/** Between the first and the last day of a period. */
export const periodDash = ' – ';

/**
 * A reader of months as `YYYYMM` from texts that follow one of the patterns, such as `YYYY/MM/DD`: `YYYY`, `MM` and `DD`
 * are digits, `M` and `D` one or two of them, all else stands for itself; a time of day may follow a day. A day must
 * exist in its month. Two days with ` – ` between them are a period, whose month is that of the day in its middle; when
 * only the first is there, it decides.
 */
export function monthReader(patterns: readonly string[]): MonthReader {
  const expressions = patterns.map((pattern) => new RegExp(`^${expressionOf(pattern)}$`));
  const problem = `is no month written ${patterns.join(' or ')}`;
  return (text) => {
    const [first, last, ...more] = text.split(periodDash);
    const from = dayIn(first!, expressions);
    const until = last?.trim() ? dayIn(last, expressions) : from;
    if (from === null || until === null || more.length > 0) return { problem };
    if (until < from) return { problem: 'ends before it begins' };
    const middle = new Date(Math.floor((from + until) / 2));
    return { value: middle.toISOString().slice(0, 7).replace('-', '') };
  };
}

/** What is wrong with a pattern, as the end of a sentence that begins with it; null for a good one. */
export function monthPatternProblem(pattern: string): string | null {
  if (/[A-Za-z0-9]/.test(pattern.replaceAll(/YYYY|MM?|DD?/g, ''))) {
    return 'may have only YYYY, MM, DD, M, D and separators such as - and /';
  }
  const runs = (pattern.match(/[A-Z]+/g) ?? []).map((run) => run.match(/YYYY|MM?|DD?/g) ?? []);
  const count = (kind: string) => runs.flat().filter((part) => part.startsWith(kind)).length;
  if (count('Y') !== 1 || count('M') !== 1 || count('D') > 1) {
    return 'must have YYYY and MM once each, and DD at most once';
  }
  return runs.some((run) => run.length > 1 && run.some((part) => part.length === 1))
    ? 'must have separators around M and D, which are one or two digits'
    : null;
}

/** The first instant of the day in UTC, in milliseconds. */
function dayIn(text: string, expressions: readonly RegExp[]): number | null {
  for (const expression of expressions) {
    const { year, month, day = '01' } = expression.exec(text.trim())?.groups ?? {};
    if (year && month && exists(Number(year), Number(month), Number(day))) {
      return Date.UTC(Number(year), Number(month) - 1, Number(day));
    }
  }
  return null;
}

const expressionOf = (pattern: string): string =>
  pattern.replaceAll(/YYYY|MM?|DD?|[^A-Za-z0-9]/g, (part) => parts[part] ?? `\\${part}`) +
  (pattern.includes('D') ? timeOfDay : '');

const exists = (year: number, month: number, day: number): boolean =>
  year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
