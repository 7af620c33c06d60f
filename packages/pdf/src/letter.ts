import type { Page } from './page.js';

/** A name and what it is of this document. */
export type Detail = readonly [name: string, value: string];

export interface Letterhead {
  sender: string;
  title: string;
  subtitle: string;
  /** The word for whom it goes to. */
  to: string;
  recipient: string;
  email: string;
  details: readonly Detail[];
}

/** Between the two columns of a page. */
export const gutter = 28;
export const halfOf = ({ width }: Page): number => (width - gutter) / 2;

/** Who writes what to whom, at the top of the first sheet. */
export function drawLetterhead(
  page: Page,
  { sender, title, subtitle, to, recipient, email, details }: Letterhead,
): void {
  const { left, right, top, width } = page;
  page.text(sender, { x: left, y: top, width }, { size: 11, bold: true });
  page.rule(78, { tone: 'ink', thickness: 1 });
  page.text(title, { x: left, y: 112, width }, { size: 20, bold: true }, 'H1');
  page.text(subtitle, { x: left, y: 131, width }, { size: 11, tone: 'soft' });

  const half = halfOf(page);
  page.text(to, { x: left, y: 164, width: half }, { tone: 'soft' });
  page.text(recipient, { x: left, y: 178, width: half }, { size: 10, bold: true });
  page.text(email, { x: left, y: 192, width: half });

  const x = right - half;
  details.forEach(([name, value], at) => {
    const y = 164 + at * 14;
    page.text(name, { x, y, width: 96 }, { tone: 'soft' });
    page.text(value, { x: x + 96, y, width: half - 96, align: 'right' });
  });
}

export interface Total {
  name: string;
  figure: string;
  /** The same with all its digits. */
  exactly: string;
  /** What belongs to it, the first one the most. */
  figures: readonly Detail[];
  /** A line below them; may be empty. */
  note: string;
}

/** What a document is about, below its letterhead. Answers where it ends. */
export function drawTotal(page: Page, { name, figure, exactly, figures, note }: Total): number {
  const { left, right } = page;
  const half = halfOf(page);
  page.rule(246);
  page.text(name, { x: left, y: 266, width: half }, { tone: 'soft' });
  page.figure(figure, { x: left, y: 294, width: half }, { size: 24, bold: true });
  page.figure(exactly, { x: left, y: 312, width: half }, { tone: 'soft' });

  const x = right - half;
  const nameWidth = Math.max(...figures.map(([each]) => page.widthOf(each))) + 12;
  figures.forEach(([each, value], at) => {
    const y = 266 + at * 15;
    page.text(each, { x, y, width: nameWidth }, { tone: 'soft' });
    page.figure(value, { x: x + nameWidth, y, width: half - nameWidth, align: 'right' }, { bold: at === 0 });
  });
  const end = Math.max(312, 267 + figures.length * 15);
  page.figure(note, { x, y: end, width: half, align: 'right' }, { bold: true });
  page.rule(end + 16);
  return end + 16;
}

const smallPrintHeight = 44;

/** Where what stands above the small print has to end. */
export const aboveSmallPrint = ({ bottom }: Page): number => bottom - smallPrintHeight;

export function drawSmallPrint(page: Page, lines: readonly string[]): void {
  const { left, bottom, width } = page;
  page.rule(bottom - 32);
  lines.forEach((line, at) => {
    page.text(line, { x: left, y: bottom - 20 + at * 10, width }, { size: 7, tone: 'soft' });
  });
}
