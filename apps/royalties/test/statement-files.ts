import type { DecimalMark } from '@countinghouse/tabular';
import * as fc from 'fast-check';
import type { Dialect } from './layout-dialects.js';
import { decimalText } from './model.js';
import { type NumberStyle, type SoldLine, unit } from './sold-line.js';

/** A number of 10⁻¹⁵ in one of the ways that people write numbers. */
function numberText(value: bigint, mark: DecimalMark, { thousands, negative, exponent }: NumberStyle): string {
  const [whole = '', fraction = ''] = decimalText(value < 0n ? -value : value).split('.');
  const separator = thousands === 'other mark' ? (mark === 'point' ? ',' : '.') : thousands;
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, separator);
  const plain = fraction === '' ? grouped : `${grouped}${mark === 'point' ? '.' : ','}${fraction}`;
  const digits = exponent ? `${whole}${fraction}E-${fraction.length}` : plain;
  if (value >= 0n) return digits;
  return { before: `-${digits}`, behind: `${digits}-`, brackets: `(${digits})` }[negative];
}

/** How a whole file is written. */
export interface FileStyle {
  mark: DecimalMark;
  encoding: 'utf8' | 'utf8-bom' | 'utf16le' | 'utf16be' | 'windows-1252';
  lineEnding: '\n' | '\r\n';
  quotes: 'all' | 'needed';
  isShuffled: boolean;
  hasBlankLinesBehind: boolean;
}

export function encoded(text: string, encoding: FileStyle['encoding']): Buffer {
  if (encoding === 'utf16le') return Buffer.from(`\uFEFF${text}`, 'utf16le');
  if (encoding === 'utf16be') return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();
  if (encoding === 'windows-1252') return Buffer.from(text, 'latin1');
  return Buffer.from(encoding === 'utf8' ? text : `\uFEFF${text}`);
}

const amountsOf = ({ net, quantity, numbers }: SoldLine, mark: DecimalMark): { net: string; quantity: string } => ({
  net: numberText(net, mark, numbers),
  quantity: numberText(BigInt(quantity) * unit, mark, numbers),
});

/** The bytes of a file of these lines. */
export function fileOf(
  { header, delimiter, write, trailers }: Dialect,
  lines: readonly SoldLine[],
  style: FileStyle,
): Buffer {
  const { mark, encoding, lineEnding, quotes, isShuffled, hasBlankLinesBehind } = style;
  const columns = isShuffled ? ['Remarks', ...header.toReversed()] : header;
  const cell = (text: string): string =>
    quotes === 'all' || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  const record = (cells: Record<string, string>): string =>
    columns.map((name) => cell(cells[name] ?? (name === 'Remarks' ? 'a "remark"' : ''))).join(delimiter);
  const records = [
    columns.map(cell).join(delimiter),
    ...lines.map((line) => record(write(line, amountsOf(line, mark))[0])),
    ...trailers,
    ...(hasBlankLinesBehind ? ['', '  ', ''] : []),
  ];
  return encoded(records.join(lineEnding) + lineEnding, encoding);
}

export const fileStyle: fc.Arbitrary<FileStyle> = fc.record({
  mark: fc.constantFrom('point', 'comma'),
  encoding: fc.constantFrom('utf8', 'utf8-bom', 'utf16le', 'utf16be', 'windows-1252'),
  lineEnding: fc.constantFrom('\n', '\r\n'),
  quotes: fc.constantFrom('all', 'needed'),
  isShuffled: fc.boolean(),
  hasBlankLinesBehind: fc.boolean(),
});
