import { minorUnitsOf } from '@countinghouse/money';
import { type BarRow, drawBarTable, type Formats, formatsOf, Page } from '@countinghouse/pdf';
import type { GroupedFile } from './grouped-file.js';
import type { LargestGroups } from './largest-groups.js';
import type { StatementFacts } from './statement-facts.query.js';
import { filled, type Language, type StatementTexts, statementTexts } from './statement-texts.js';

/** Moves with every change of what the page looks like or says. */
export const pageVersion = 1;

export type StatementGroups = Record<GroupedFile, LargestGroups>;

/**
 * The statement of a report: one page of A4 as PDF, in the tenant's language. The same facts make the same bytes.
 *
 * Amounts are rounded half away from zero to the currency's minor unit, where people expect money; the total stands
 * there with all its digits as well.
 */
export function statementPdf(facts: StatementFacts, groups: StatementGroups): Promise<Uint8Array> {
  const texts = statementTexts[facts.language as Language] ?? statementTexts.en;
  const formats = formatsOf(texts.locale, facts.timeZone);
  const month = formats.month(facts.reportingMonth);
  const page = new Page({
    title: filled(texts.documentTitle, { report: `${facts.id}`, distributor: facts.distributor, month }),
    author: facts.sender,
    language: texts.locale,
    createdAt: facts.updatedAt,
  });
  const words: Words = { facts, texts, formats, month, decimals: minorUnitsOf(facts.currency) };
  drawHead(page, words);
  drawTotal(page, words);
  drawGroups(page, words, groups);
  drawSmallPrint(page, words);
  return page.bytes();
}

interface Words {
  facts: StatementFacts;
  texts: StatementTexts;
  formats: Formats;
  /** In words. */
  month: string;
  /** Of the currency's minor unit. */
  decimals: number;
}

/** Between the two columns of the page. */
const gutter = 28;
const halfOf = ({ width }: Page): number => (width - gutter) / 2;

function drawHead(page: Page, { facts, texts, formats, month }: Words): void {
  const { left, right, width } = page;
  page.text(facts.sender, { x: left, y: 68, width }, { size: 11, bold: true });
  page.rule(78, { tone: 'ink', thickness: 1 });
  page.text(texts.title, { x: left, y: 112, width }, { size: 20, bold: true }, 'H1');
  page.text(`${facts.distributor}, ${month}`, { x: left, y: 131, width }, { size: 11, tone: 'soft' });

  const half = halfOf(page);
  page.text(texts.to, { x: left, y: 164, width: half }, { tone: 'soft' });
  page.text(facts.recipient, { x: left, y: 178, width: half }, { size: 10, bold: true });
  page.text(facts.email, { x: left, y: 192, width: half });

  const details = [
    [texts.report, `${facts.id}`],
    [texts.distributor, facts.distributor],
    [texts.month, month],
    [texts.created, formats.day(facts.createdAt)],
    [texts.updated, formats.day(facts.updatedAt)],
  ] as const;
  const x = right - half;
  details.forEach(([name, value], at) => {
    const y = 164 + at * 14;
    page.text(name, { x, y, width: 96 }, { tone: 'soft' });
    page.text(value, { x: x + 96, y, width: half - 96, align: 'right' });
  });
}

function drawTotal(page: Page, words: Words): void {
  const { facts, texts, formats, decimals } = words;
  const { left, right } = page;
  const { currency, totalRoyalties } = facts;
  const half = halfOf(page);
  page.rule(246);
  page.text(texts.total, { x: left, y: 266, width: half }, { tone: 'soft' });
  const total = `${formats.amount(totalRoyalties, decimals)} ${currency}`;
  page.figure(total, { x: left, y: 294, width: half }, { size: 24, bold: true });
  const exactly = filled(texts.exactly, { total: `${formats.exact(totalRoyalties)} ${currency}` });
  page.figure(exactly, { x: left, y: 312, width: half }, { tone: 'soft' });

  const day = facts.paidAt ? formats.day(facts.paidAt) : '';
  const figures = [
    [texts.state, filled(texts.states[facts.debitState], { day })],
    [texts.lines, formats.exact(facts.lines)],
    [texts.units, formats.exact(facts.quantity)],
  ] as const;
  const x = right - half;
  figures.forEach(([name, value], at) => {
    const y = 266 + at * 15;
    page.text(name, { x, y, width: 60 }, { tone: 'soft' });
    page.figure(value, { x: x + 60, y, width: half - 60, align: 'right' }, { bold: at === 0 });
  });
  page.figure(adjustmentOf(words), { x, y: 312, width: half, align: 'right' }, { bold: true });
  page.rule(328);
}

/** What other reports have to do with this one; nothing, as a rule. */
function adjustmentOf({ facts, texts, formats, decimals }: Words): string {
  if (facts.adjusts !== null) return filled(texts.adjusts, { report: `${facts.adjusts}` });
  if (facts.adjustedBy.length === 0) return '';
  const total = `${formats.amount(facts.adjustments, decimals)} ${facts.currency}`;
  return filled(texts.adjustedBy, { total, reports: facts.adjustedBy.join(', ') });
}

function drawGroups(page: Page, words: Words, groups: StatementGroups): void {
  const { texts, facts, formats, decimals } = words;
  const { left, width } = page;
  const royalties = filled(texts.royalties, { currency: facts.currency });
  const amountOf = (value: string) => formats.amount(value, decimals);
  const table = (file: GroupedFile, figuresOf: (group: Figures) => string[], heads: string[]) => ({
    title: texts[file],
    heads,
    rows: rowsOf(groups[file], nameOf(file, words), figuresOf, words),
    empty: texts.nothing,
  });
  const withUnits = ({ quantity, royalties: value }: Figures) => [formats.exact(quantity), amountOf(value)];
  const withoutUnits = ({ royalties: value }: Figures) => [amountOf(value)];
  const half = halfOf(page);

  const end = drawBarTable(page, table('releases', withUnits, [texts.units, royalties]), left, 358, width);
  const next = end + 34;
  drawBarTable(page, table('platforms', withoutUnits, [royalties]), left, next, half);
  drawBarTable(page, table('countries', withoutUnits, [royalties]), left + half + gutter, next, half);
}

interface Figures {
  quantity: string;
  royalties: string;
}

function rowsOf(
  { groups, others }: LargestGroups,
  nameOf: (name: string) => string,
  figuresOf: (group: Figures) => string[],
  { texts, formats }: Words,
): BarRow[] {
  // A bar is a picture: the few pixels that a double loses are not to be seen.
  const row = (name: string, group: Figures, isRest: boolean): BarRow => ({
    name,
    value: Number(group.royalties),
    figures: figuresOf(group),
    isRest,
  });
  const rest = filled(texts.others, { count: formats.exact(`${others.count}`) });
  return [
    ...groups.map((group) => row(nameOf(group.name), group, false)),
    ...(others.count > 0 ? [row(rest, others, true)] : []),
  ];
}

const nameOf =
  (file: GroupedFile, { texts, formats }: Words) =>
  (name: string): string =>
    (file === 'countries' ? formats.country(name) : name) || texts.unknown;

function drawSmallPrint(page: Page, { facts, texts }: Words): void {
  const { left, bottom, width } = page;
  const lines = [...texts.smallPrint, ...(page.lettersMissing ? [texts.missingLetters] : [])];
  page.rule(bottom - 32);
  lines.forEach((line, at) => {
    const text = filled(line, { currency: facts.currency });
    page.text(text, { x: left, y: bottom - 20 + at * 10, width }, { size: 7, tone: 'soft' });
  });
}
