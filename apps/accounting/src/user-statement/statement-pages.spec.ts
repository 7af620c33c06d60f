import { sum } from '@countinghouse/money';
import { type PdfText, readPdf } from '@countinghouse/testing/pdf';
import { describe, expect, it } from '@jest/globals';
import type { StatementFacts, StatementLine } from './statement-facts.query.js';
import { type StatementOf, statementPdf } from './statement-pages.js';

const of = (changes: Partial<StatementOf> = {}): StatementOf => ({
  sender: 'Northern Lights Distribution',
  language: 'en',
  timeZone: 'Europe/Copenhagen',
  currency: 'EUR',
  month: '2025-08',
  ...changes,
});

const line = (changes: Partial<StatementLine> = {}): StatementLine => ({
  bookedOn: '2025-08-03',
  occurredOn: changes.bookedOn ?? '2025-08-03',
  kind: 'earnings',
  title: '',
  isVoid: false,
  statement: { id: 12, distributor: 'KONTOR', month: '2025-06', isWithdrawn: false },
  isAskedFor: false,
  amount: '1086.4017394666',
  ...changes,
});
const payment = (changes: Partial<StatementLine> = {}) =>
  line({ kind: 'payment', statement: null, title: 'Royalties June', amount: '-500', ...changes });

const kinds = { earned: ['earnings', 'adjustment'], recouped: ['expense'], paid: ['payment'] };

/** Facts that agree with their lines, as those of the book do. */
const facts = (lines: StatementLine[], changes: Partial<StatementFacts> = {}): StatementFacts => {
  const sumOf = (of: string[]) => sum(lines.filter(({ kind }) => of.includes(kind)).map(({ amount }) => amount));
  return {
    firstName: 'Ada',
    lastName: 'Ångström',
    email: 'ada@label.example',
    isClosed: false,
    opening: '100.005',
    earned: sumOf(kinds.earned),
    recouped: sumOf(kinds.recouped),
    paid: sumOf(kinds.paid),
    changes: lines.length,
    lines,
    bookedAt: '2025-11-08T21:45:40Z',
    ...changes,
  };
};

const drawn = async (lines: StatementLine[], changes: Partial<StatementFacts> = {}, how: Partial<StatementOf> = {}) =>
  readPdf(await statementPdf(of(how), facts(lines, changes)));

const month = [
  line(),
  line({ bookedOn: '2025-08-04', kind: 'expense', statement: null, title: 'Studio', amount: '-50.005' }),
  payment({ bookedOn: '2025-08-31' }),
];

describe('an account statement', () => {
  it('says where the month began, every change and what it left, and where it ended', async () => {
    const { pages, words } = await drawn(month);
    expect(pages).toBe(1);
    expect(words).toEqual(
      [
        ['Northern Lights Distribution', 'Account statement', 'August 2025', 'To', 'Ada Ångström', 'ada@label.example'],
        ['Month', 'August 2025', 'Currency', 'EUR', 'State', 'Open'],
        ['Due at the end of August 2025', '636.40 EUR', 'Exactly 636.4017394666 EUR'],
        ['Opening balance', '100.01', 'Earned', '1,086.40', 'Recouped', '-50.01', 'Paid', '-500.00'],
        ['Date', 'Change', 'Source', 'Amount, EUR', 'Due, EUR'],
        ['Opening balance', '100.01'],
        ['3 Aug', 'Royalties', 'Statement 12, KONTOR, June 2025', '1,086.40', '1,186.41'],
        ['4 Aug', 'Recouped cost', 'Studio', '-50.01', '1,136.40'],
        ['31 Aug', 'Payment', 'Royalties June', '-500.00', '636.40'],
        ['Closing balance', '636.40'],
        'Amounts are rounded to the minor unit of EUR, halves away from zero, so they can differ from their sums in the last digit.',
        'The month is not closed: there can be further changes in it.',
      ].flat(),
    );
  });

  it.each<[string, StatementLine, string[]]>([
    [
      'earnings that were taken back',
      line({ amount: '-5', statement: { id: 12, distributor: 'KONTOR', month: '2025-06', isWithdrawn: true } }),
      ['3 Aug', 'Royalties', 'Voided statement 12, KONTOR, June 2025', '-5.00'],
    ],
    ['changed splits', line({ kind: 'adjustment', statement: null }), ['3 Aug', 'Adjustment', 'Changed splits']],
    [
      'a recalculation',
      line({ kind: 'adjustment', statement: null, isAskedFor: true }),
      ['3 Aug', 'Adjustment', 'Recalculation'],
    ],
    ['a payment without a title', payment({ title: 'Payment' }), ['3 Aug', 'Payment', '-500.00']],
    [
      'a voided payment, and when it was made',
      payment({ isVoid: true, amount: '500', occurredOn: '2025-07-01' }),
      ['3 Aug', 'Voided payment', 'Royalties June (1 July 2025)', '500.00'],
    ],
    [
      'a voided cost',
      line({ kind: 'expense', isVoid: true, title: 'Studio', statement: null }),
      ['3 Aug', 'Voided cost', 'Studio'],
    ],
  ])('names %s', async (_, change, cells) => {
    const { words } = await drawn([change]);
    const at = words.indexOf('3 Aug');
    expect(words.slice(at, at + cells.length)).toEqual(cells);
  });

  it('is in the tenant’s language, with its numbers and dates', async () => {
    const { words, lang, info } = await drawn(month, {}, { language: 'da' });
    expect(words).toEqual(
      expect.arrayContaining([
        'Kontoudtog',
        'Tilgode ved udgangen af august 2025',
        '636,40 EUR',
        'Præcist 636,4017394666 EUR',
        'Opgørelse 12, KONTOR, juni 2025',
        '3. aug.',
        'Modregnet udgift',
        '-50,01',
        'Ultimosaldo',
      ]),
    );
    expect([lang, info]).toMatchObject(['da-DK', { Title: 'Kontoudtog august 2025: Ada Ångström' }]);
  });

  it('is in English for a tenant of a language that it does not speak yet', async () => {
    expect((await drawn(month, {}, { language: 'xx' })).words).toContain('Account statement');
  });

  it('says that nothing changed, and that the month is closed', async () => {
    const { words } = await drawn([], { isClosed: true, bookedAt: null });
    expect(words).toEqual(expect.arrayContaining(['No changes in this month', 'Closed', '100.01 EUR']));
    expect(words.at(-1)).toMatch(/^Amounts are rounded/);
  });

  it('is negative after an advance, and says what that means', async () => {
    const { words } = await drawn([payment({ amount: '-1000' })]);
    expect(words).toEqual(
      expect.arrayContaining([
        '-900.00 EUR',
        'Exactly -899.995 EUR',
        'Paid ahead: what is earned next is set against it',
      ]),
    );
    expect((await drawn(month)).words.join()).not.toContain('Paid ahead');
  });

  it('has the decimals of its currency', async () => {
    expect((await drawn(month, {}, { currency: 'JPY' })).words).toContain('636 JPY');
    expect((await drawn(month, {}, { currency: 'KWD' })).words).toContain('636.402 KWD');
  });

  it('is the same bytes for the same facts, and others after a change', async () => {
    const first = await statementPdf(of(), facts(month));
    expect(await statementPdf(of(), facts(month))).toEqual(first);
    expect(await statementPdf(of(), facts(month, { isClosed: true }))).not.toEqual(first);
  });
});

/** A month of payments, a cent more each. */
const many = (count: number) => Array.from({ length: count }, (_, at) => payment({ amount: `-0.${10 + (at % 90)}` }));

const expectApart = (texts: readonly PdfText[], { width, height }: { width: number; height: number }) => {
  for (const { left, right, y } of texts) {
    expect(left).toBeGreaterThanOrEqual(55.9);
    expect(right).toBeLessThanOrEqual(width - 55.9);
    expect(y).toBeGreaterThan(30);
    expect(y).toBeLessThan(height - 30);
  }
  const bySheet = Map.groupBy(texts, ({ sheet, y }) => `${sheet} ${y.toFixed(0)}`);
  for (const line of bySheet.values()) {
    const inOrder = line.toSorted((one, other) => one.left - other.left);
    inOrder.slice(1).forEach(({ left }, at) => expect(left).toBeGreaterThanOrEqual(inOrder[at]!.right - 0.1));
  }
};

describe('an account statement of many changes', () => {
  it('goes over as many pages as it takes, each with the heads of its columns and its number', async () => {
    const lines = many(100);
    const document = await drawn(lines);
    const { pages, texts } = document;
    expect(pages).toBe(3);
    for (const sheet of [1, 2, 3]) {
      const words = texts.filter((each) => each.sheet === sheet).map(({ text }) => text);
      expect(words).toEqual(expect.arrayContaining(['Date', 'Due, EUR', `Page ${sheet} of 3`]));
    }
    const amounts = texts.filter(({ text }) => /^-0\.\d\d$/.test(text));
    expect(amounts.map(({ text }) => text)).toEqual(lines.map(({ amount }) => amount));
    expect(new Set(amounts.map(({ right }) => right.toFixed(1))).size).toBe(1);
    expect(texts.findLast(({ text }) => text === 'Closing balance')!.sheet).toBe(3);
    expectApart(texts, document);
  });

  it.each([20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30])('keeps its end above the small print: %i', async (count) => {
    const document = await drawn(many(count));
    expect(document.texts.filter(({ text }) => /^-0\.\d\d$/.test(text))).toHaveLength(count);
    expectApart(document.texts, document);
  });

  it('sums up those that nobody would read', async () => {
    const { words } = await drawn([payment({ amount: '-1' })], { changes: 3001, paid: '-3001.5' });
    const at = words.indexOf('Further changes (3,000)');
    expect(words.slice(at, at + 5)).toEqual([
      'Further changes (3,000)',
      '-3,000.50',
      '-2,901.50',
      'Closing balance',
      '-2,901.50',
    ]);
  });

  it('can be listened to: one table, whose heads are read out once', async () => {
    const { page } = await drawn(many(100));
    const roles = JSON.stringify(await page.getStructTree()).matchAll(/"role":"(\w+)"/g);
    const counts = Object.groupBy(
      [...roles].map(([, role]) => role!),
      (role) => role,
    );
    expect([counts['Table']?.length, counts['TH']?.length, counts['H1']?.length]).toEqual([1, 5, 1]);
  });
});

const long = 'A name without end '.repeat(300);
const hostile = ') Tj ET /JS (app.alert(1)) >> \\\u0000\u202Eendobj\r\n%%EOF 日本語 🎵 مرحبا Ελλάδα Привет';

describe('whatever others wrote', () => {
  it.each([
    ['names without end', long, '-1.5'],
    ['names without a space', 'W'.repeat(5_000), '0.001'],
    ['names that would be code', hostile, '100'],
    ['no names', '', '0.1'],
    ['a currency of many zeros', 'Ada', '-1234567890123456789.1234567891'],
    ['both', long, '-1234567890123456789.1234567891'],
  ])('stands on the page, apart from everything else: %s', async (_, name, amount) => {
    const statement = { id: 1, distributor: name, month: '2025-06', isWithdrawn: true };
    const lines = [
      payment({ title: name, amount, occurredOn: '2025-07-31' }),
      line({ amount, statement }),
      ...many(90),
    ];
    const person = { firstName: name, lastName: name, email: `${name}@x` };
    const document = await drawn(lines, person, { sender: name });
    expectApart(document.texts, document);
    expect(document.words.filter((text) => /\d…/.test(text))).toEqual([]);
  });

  it('is text and nothing else', async () => {
    const { words, info } = await drawn(month, {}, { sender: hostile });
    const plain = ') Tj ET /JS (app.alert(1)) >> \\ endobj %%EOF';
    expect(words[0]).toContain(plain);
    expect(words.at(-1)).toBe('□ stands for a letter that the font of this document lacks.');
    expect((info as { Author: string }).Author).toContain(plain);
  });
});
