import { minorUnitsOf, multiply, sum } from '@countinghouse/money';
import {
  drawLetterhead,
  drawSmallPrint,
  drawTable,
  drawTotal,
  filled,
  type Formats,
  formatsOf,
  type Letterhead,
  Page,
  type Row,
  type Total,
} from '@countinghouse/pdf';
import { untitledPayment } from '../domain/entry-journals.js';
import type { StatementFacts, StatementLine } from './statement-facts.query.js';
import { type Language, type StatementTexts, statementTexts } from './statement-texts.js';

/** Moves with every change of what the pages look like or say. */
export const pagesVersion = 1;

/** Whose statement it is, and of when. */
export interface StatementOf {
  sender: string;
  language: string;
  timeZone: string;
  currency: string;
  /** YYYY-MM */
  month: string;
}

/**
 * What changed in a month in what a person is due: sheets of A4 as PDF, in the tenant's language. The same facts make
 * the same bytes.
 *
 * Amounts are rounded half away from zero to the currency's minor unit, each from what it exactly is; what is due in the
 * end stands there with all its digits as well.
 */
export function statementPdf(of: StatementOf, facts: StatementFacts): Promise<Uint8Array> {
  const texts = statementTexts[of.language as Language] ?? statementTexts.en;
  const formats = formatsOf(texts.locale, of.timeZone);
  const month = formats.month(of.month.replace('-', ''));
  const recipient = `${facts.firstName} ${facts.lastName}`.trim();
  const page = new Page({
    title: filled(texts.documentTitle, { month, recipient }),
    author: of.sender,
    language: texts.locale,
    createdAt: new Date(facts.bookedAt ?? `${of.month}-01`),
  });
  const decimals = minorUnitsOf(of.currency);
  const due = sum([facts.opening, facts.earned, facts.recouped, facts.paid]);
  const words: Words = { of, facts, texts, formats, month, due, money: (amount) => formats.amount(amount, decimals) };
  drawLetterhead(page, letterheadOf(words, recipient));
  const end = drawTotal(page, totalOf(words));
  drawTable(page, columnsOf(words), rowsOf(words), end + 24);
  drawSmallPrint(page, smallPrintOf(words, page.lettersMissing));
  drawSheetNumbers(page, words, recipient);
  return page.bytes();
}

interface Words {
  of: StatementOf;
  facts: StatementFacts;
  texts: StatementTexts;
  formats: Formats;
  /** In words. */
  month: string;
  /** In the end; exact. */
  due: string;
  money: (amount: string) => string;
}

const letterheadOf = ({ of, facts, texts, month }: Words, recipient: string): Letterhead => ({
  sender: of.sender,
  title: texts.title,
  subtitle: month,
  to: texts.to,
  recipient,
  email: facts.email,
  details: [
    [texts.month, month],
    [texts.currency, of.currency],
    [texts.state, facts.isClosed ? texts.closed : texts.open],
  ],
});

const totalOf = ({ of, facts, texts, formats, month, due, money }: Words): Total => ({
  name: filled(texts.due, { month }),
  figure: `${money(due)} ${of.currency}`,
  exactly: filled(texts.exactly, { total: `${formats.exact(due)} ${of.currency}` }),
  figures: [
    [texts.opening, money(facts.opening)],
    [texts.earned, money(facts.earned)],
    [texts.recouped, money(facts.recouped)],
    [texts.paid, money(facts.paid)],
  ],
  note: due.startsWith('-') ? texts.ahead : '',
});

const columnsOf = ({ of: { currency }, texts }: Words) => [
  { head: texts.date, width: 'fits' as const },
  { head: texts.change, width: 2 },
  { head: texts.source, width: 5 },
  { head: filled(texts.amount, { currency }), width: 'fits' as const, align: 'right' as const },
  { head: filled(texts.balance, { currency }), width: 'fits' as const, align: 'right' as const },
];

/** The opening, every change with what is due after it, and the closing. */
function rowsOf(words: Words): Row[] {
  const { facts, texts, formats, due, money } = words;
  let balance = facts.opening;
  const lines = facts.lines.map((line): Row => {
    balance = sum([balance, line.amount]);
    const { bookedOn, amount } = line;
    return {
      cells: [formats.shortDate(bookedOn), changeOf(line, texts), sourceOf(line, words), money(amount), money(balance)],
    };
  });
  const left = facts.changes - facts.lines.length;
  const rest = sum([due, multiply(balance, '-1')]);
  const further = filled(texts.further, { count: formats.exact(`${left}`) });
  return [
    { cells: ['', texts.opening, '', '', money(facts.opening)], bold: true },
    ...lines,
    ...(left > 0 ? [{ cells: ['', '', further, money(rest), money(due)] }] : []),
    ...(facts.changes === 0 ? [{ cells: ['', '', texts.nothing, '', ''] }] : []),
    { cells: ['', texts.closing, '', '', money(due)], bold: true },
  ];
}

const changeOf = ({ kind, isVoid }: StatementLine, { kinds, voided }: StatementTexts): string =>
  isVoid && (kind === 'expense' || kind === 'payment') ? voided[kind] : kinds[kind];

function sourceOf(line: StatementLine, words: Words): string {
  const source = nameOf(line, words);
  if (line.occurredOn === line.bookedOn) return source;
  return filled(words.texts.ofDay, { source, day: words.formats.date(line.occurredOn) }).trim();
}

function nameOf({ kind, statement, isAskedFor, title }: StatementLine, { texts, formats }: Words): string {
  if (statement) {
    const { id, distributor, month, isWithdrawn } = statement;
    const text = isWithdrawn ? texts.withdrawn : texts.statement;
    return filled(text, { id: `${id}`, distributor, month: formats.month(month.replace('-', '')) });
  }
  if (kind === 'adjustment') return isAskedFor ? texts.askedFor : texts.splitsChanged;
  return title === untitledPayment ? '' : title;
}

const smallPrintOf = ({ of: { currency }, facts, texts }: Words, lettersMissing: boolean): string[] => [
  ...texts.smallPrint.map((line) => filled(line, { currency })),
  ...(facts.isClosed ? [] : [texts.stillOpen]),
  ...(lettersMissing ? [texts.missingLetters] : []),
];

/** Where there are several: what they belong to, and which of how many each one is. */
function drawSheetNumbers(page: Page, { texts, month }: Words, recipient: string): void {
  const { left, bottom, width } = page;
  page.onEverySheet((sheet, sheets) => {
    if (sheets === 1) return;
    const y = bottom + 16;
    const number = filled(texts.sheet, { sheet: `${sheet}`, sheets: `${sheets}` });
    const style = { size: 7, tone: 'soft' as const };
    const title = filled(texts.documentTitle, { month, recipient });
    page.text(title, { x: left, y, width: width - 80 }, style, null);
    page.text(number, { x: left, y, width, align: 'right' }, style, null);
  });
}
