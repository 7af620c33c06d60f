import { barsOf } from './bars.js';
import type { Page, TextStyle, Tone } from './page.js';

export interface BarRow {
  name: string;
  /** The length of its bar. */
  value: number;
  /** Under the heads of the table; never cut. */
  figures: readonly string[];
  /** A row that sums up what the others leave out. */
  isRest?: boolean;
}

export interface BarTable {
  title: string;
  /** Of the columns of figures. */
  heads: readonly string[];
  rows: readonly BarRow[];
  /** In place of rows. */
  empty: string;
}

const rowHeight = 16.5;
const gap = 10;
const barHeight = 5;
const head: TextStyle = { size: 7.5, tone: 'soft' };
const cell: TextStyle = { size: 8.5 };

/** Draws names, bars and figures in columns that are as wide as their figures want, and answers where it ends. */
export function drawBarTable(page: Page, table: BarTable, x: number, top: number, width: number): number {
  const { title, heads, rows, empty } = table;
  const widths = heads.map((text, at) =>
    Math.max(page.widthOf(text, head), ...rows.map(({ figures }) => page.widthOf(figures[at]!, cell))),
  );
  const rest = Math.max(0, width - widths.reduce((total, figure) => total + figure + gap, 0));
  const barWidth = rest * 0.3;
  const nameWidth = Math.max(0, rest - barWidth - gap);
  const columns = widths.map((figure, at) => ({
    x: x + width - widths.slice(at).reduce((total, each) => total + each + gap, -gap),
    width: figure,
    align: 'right' as const,
  }));
  const bars = barsOf(
    rows.map(({ value }) => value),
    barWidth,
  );

  page.within('Table', () => {
    page.within('TR', () => {
      page.text(title, { x, y: top, width: nameWidth + barWidth }, { size: 10, bold: true }, 'TH');
      if (rows.length > 0) heads.forEach((text, at) => page.text(text, { ...columns[at]!, y: top }, head, 'TH'));
    });
    page.rule(top + 5, { x, width, tone: 'ink' });
    rows.forEach((row, at) => {
      const y = top + 5 + (at + 0.72) * rowHeight;
      const style: TextStyle = { ...cell, tone: row.isRest ? 'soft' : 'ink' };
      page.within('TR', () => {
        page.text(row.name, { x, y, width: nameWidth }, style, 'TD');
        row.figures.forEach((text, each) => page.text(text, { ...columns[each]!, y }, style, 'TD'));
      });
      const { offset, length } = bars[at]!;
      if (length > 0) page.bar(x + nameWidth + gap + offset, y - barHeight - 0.5, length, barHeight, toneOf(row));
    });
  });
  if (rows.length === 0) page.text(empty, { x, y: top + 5 + 0.72 * rowHeight, width }, { ...cell, tone: 'soft' });
  return top + 5 + Math.max(1, rows.length) * rowHeight;
}

/** In black and white too: what was earned is dark, what was taken back is hollow, the rest is light. */
const toneOf = ({ value, isRest }: BarRow): Tone | null => (value < 0 ? null : isRest ? 'light' : 'soft');
