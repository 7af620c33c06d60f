import type { Reading } from './reading.js';

export type MonthReader = (text: string) => Reading;

const parts: Record<string, string> = { YYYY: '(?<year>\\d{4})', MM: '(?<month>\\d{2})', DD: '(?<day>\\d{2})' };

/**
 * A reader of months as `YYYYMM` from texts that follow one of the patterns, such as `YYYY/MM/DD`: `YYYY`, `MM` and `DD`
 * are digits, all else stands for itself. A day must exist in its month.
 */
export function monthReader(patterns: readonly string[]): MonthReader {
  const expressions = patterns.map((pattern) => new RegExp(`^${expressionOf(pattern)}$`));
  const problem = `is no month written ${patterns.join(' or ')}`;
  return (text) => {
    for (const expression of expressions) {
      const { year, month, day = '01' } = expression.exec(text.trim())?.groups ?? {};
      if (year && month && exists(Number(year), Number(month), Number(day))) return { value: `${year}${month}` };
    }
    return { problem };
  };
}

const expressionOf = (pattern: string): string =>
  pattern.replaceAll(/YYYY|MM|DD|[^A-Za-z0-9]/g, (part) => parts[part] ?? `\\${part}`);

const exists = (year: number, month: number, day: number): boolean =>
  year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
