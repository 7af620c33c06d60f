import { aboveSmallPrint } from './letter.js';
import type { Page, Role, TextStyle } from './page.js';

export interface Column {
  head: string;
  /** `fits` is as wide as its widest cell, which is never cut; a number is a part of the width that these leave. */
  width: 'fits' | number;
  align?: 'left' | 'right';
}

export interface Row {
  cells: readonly string[];
  /** Between the others and apart from them. */
  bold?: boolean;
}

const rowHeight = 15;
const gap = 12;
const head: TextStyle = { size: 7.5, tone: 'soft' };
const cell: TextStyle = { size: 8.5 };

/** Draws a table over as many sheets as it takes, each beginning with the heads, and answers where it ends. */
export function drawTable(page: Page, columns: readonly Column[], rows: readonly Row[], top: number): number {
  const places = placesOf(page, columns, rows);
  const write = (texts: readonly string[], y: number, style: TextStyle, role: Role | null) =>
    texts.forEach((text, at) => page.text(text, { ...places[at]!, y }, style, role));
  let y = top;
  const drawHeads = (role: Role | null) => {
    write(
      columns.map((column) => column.head),
      y,
      head,
      role,
    );
    page.rule(y + 5, { tone: 'ink' });
    y += 5;
  };
  page.within('Table', () => {
    page.within('TR', () => drawHeads('TH'));
    for (const { cells, bold = false } of rows) {
      if (y + rowHeight > aboveSmallPrint(page)) {
        page.turn();
        y = page.top;
        drawHeads(null);
      }
      page.within('TR', () => write(cells, y + 0.72 * rowHeight, { ...cell, bold }, 'TD'));
      y += rowHeight;
      if (bold) page.rule(y);
    }
  });
  return y;
}

/** Where the cells of each column stand. */
function placesOf(page: Page, columns: readonly Column[], rows: readonly Row[]) {
  const fitting = columns.map(({ head: text, width }, at) => {
    if (width !== 'fits') return 0;
    const widths = rows.map(({ cells, bold = false }) => page.widthOf(cells[at]!, { ...cell, bold }));
    return widths.reduce((widest, each) => Math.max(widest, each), page.widthOf(text, head)) + 0.01;
  });
  const rest = page.width - gap * (columns.length - 1) - fitting.reduce((sum, width) => sum + width, 0);
  const parts = columns.reduce((sum, { width }) => sum + (width === 'fits' ? 0 : width), 0);
  let x = page.left;
  return columns.map(({ width: wanted, align = 'left' }, at) => {
    const width = wanted === 'fits' ? fitting[at]! : Math.max(0, (rest * wanted) / parts);
    const place = { x, width, align };
    x += width + gap;
    return place;
  });
}
