import type { Delimiter } from './records.js';

/** A cell by RFC 4180: in quotes where it holds the delimiter, a quote or a line break. */
export const csvCell = (text: string, delimiter: Delimiter): string =>
  text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * A cell of text that others wrote: with a leading `'` where a spreadsheet would take it for a formula
 * (OWASP, CSV Injection). Never for numbers.
 */
export const textCell = (text: string, delimiter: Delimiter): string =>
  csvCell(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text, delimiter);
