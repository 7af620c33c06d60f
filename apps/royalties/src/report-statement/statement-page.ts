import { minorUnitsOf } from '@countinghouse/money';
import {
  type BarRow,
  drawBarTable,
  drawLetterhead,
  drawSmallPrint,
  drawTotal,
  filled,
  type Formats,
  formatsOf,
  gutter,
  halfOf,
  type Letterhead,
  Page,
  type Total,
} from '@countinghouse/pdf';
import type { GroupedFile } from './grouped-file.js';
import type { LargestGroups } from './largest-groups.js';
import type { StatementFacts } from './statement-facts.query.js';
import { type Language, type StatementTexts, statementTexts } from './statement-texts.js';

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
  drawLetterhead(page, letterheadOf(words));
  const end = drawTotal(page, totalOf(words));
  drawGroups(page, words, groups, end + 30);
  const smallPrint = [...texts.smallPrint, ...(page.lettersMissing ? [texts.missingLetters] : [])];
  drawSmallPrint(
    page,
    smallPrint.map((line) => filled(line, { currency: facts.currency })),
  );
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

const letterheadOf = ({ facts, texts, formats, month }: Words): Letterhead => ({
  sender: facts.sender,
  title: texts.title,
  subtitle: `${facts.distributor}, ${month}`,
  to: texts.to,
  recipient: facts.recipient,
  email: facts.email,
  details: [
    [texts.report, `${facts.id}`],
    [texts.distributor, facts.distributor],
    [texts.month, month],
    [texts.created, formats.day(facts.createdAt)],
    [texts.updated, formats.day(facts.updatedAt)],
  ],
});

function totalOf(words: Words): Total {
  const { facts, texts, formats, decimals } = words;
  const { currency, totalRoyalties } = facts;
  const day = facts.paidAt ? formats.day(facts.paidAt) : '';
  return {
    name: texts.total,
    figure: `${formats.amount(totalRoyalties, decimals)} ${currency}`,
    exactly: filled(texts.exactly, { total: `${formats.exact(totalRoyalties)} ${currency}` }),
    figures: [
      [texts.state, filled(texts.states[facts.debitState], { day })],
      [texts.lines, formats.exact(facts.lines)],
      [texts.units, formats.exact(facts.quantity)],
    ],
    note: adjustmentOf(words),
  };
}

/** What other reports have to do with this one; nothing, as a rule. */
function adjustmentOf({ facts, texts, formats, decimals }: Words): string {
  if (facts.adjusts !== null) return filled(texts.adjusts, { report: `${facts.adjusts}` });
  if (facts.adjustedBy.length === 0) return '';
  const total = `${formats.amount(facts.adjustments, decimals)} ${facts.currency}`;
  return filled(texts.adjustedBy, { total, reports: facts.adjustedBy.join(', ') });
}

function drawGroups(page: Page, words: Words, groups: StatementGroups, top: number): void {
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

  const end = drawBarTable(page, table('releases', withUnits, [texts.units, royalties]), left, top, width);
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
