import { describe, expect, it } from '@jest/globals';
import { readPdf } from '@countinghouse/testing/pdf';
import type { Group, LargestGroups } from './largest-groups.js';
import type { StatementFacts } from './statement-facts.query.js';
import { type StatementGroups, statementPdf } from './statement-page.js';

const facts = (changes: Partial<StatementFacts> = {}): StatementFacts => ({
  id: 7289,
  userId: '0199aaaa-0000-7000-8000-000000000001',
  revision: 3,
  hasFiles: true,
  sender: 'Northern Lights Distribution',
  language: 'en',
  timeZone: 'Europe/Copenhagen',
  recipient: 'Ada Ångström',
  email: 'ada@label.example',
  distributor: 'KONTOR',
  reportingMonth: '202508',
  currency: 'EUR',
  totalRoyalties: '12345.6750000001',
  lines: '3590',
  quantity: '128934',
  debitState: 'PENDING',
  paidAt: null,
  adjusts: null,
  adjustedBy: [],
  adjustments: '0',
  createdAt: new Date('2025-10-30T14:34:32.382Z'),
  updatedAt: new Date('2025-11-08T21:45:40.775Z'),
  ...changes,
});

const noOthers = { count: 0, quantity: '0', royalties: '0' };
const of = (names: string[], royalties: (at: number) => string, others = noOthers): LargestGroups => ({
  groups: names.map((name, at): Group => ({ name, quantity: `${2000 - at}`, royalties: royalties(at) })),
  others,
});
const groups = (changes: Partial<StatementGroups> = {}): StatementGroups => ({
  releases: of(['Snow – Ada', 'Blå time – Åse'], (at) => `${9000 - at}.005`, {
    count: 1204,
    quantity: '77',
    royalties: '-12.345',
  }),
  platforms: of(['Spotify', 'Tidal'], (at) => `${500 - at}.5`),
  countries: of(['DK', 'ZZ'], (at) => `${300 - at * 400}.125`),
  ...changes,
});
const nothing: StatementGroups = { releases: of([], String), platforms: of([], String), countries: of([], String) };

const drawn = async (changes: Partial<StatementFacts> = {}, shown = groups()) =>
  readPdf(await statementPdf(facts(changes), shown));

describe('the statement of a report', () => {
  it('says who earned what, to the last digit, on one page', async () => {
    const { pages, words } = await drawn();
    expect(pages).toBe(1);
    expect(words).toEqual(
      [
        'Northern Lights Distribution',
        'Royalty statement',
        'KONTOR, August 2025',
        ['To', 'Ada Ångström', 'ada@label.example'],
        ['Report', '7289', 'Distributor', 'KONTOR', 'Reporting month', 'August 2025'],
        ['Created', '30 October 2025', 'Last updated', '8 November 2025'],
        ['Total royalties', '12,345.68 EUR', 'Exactly 12,345.6750000001 EUR'],
        ['Payment', 'Pending', 'Lines', '3,590', 'Units', '128,934'],
        ['Releases', 'Units', 'Royalties, EUR'],
        ['Snow – Ada', '2,000', '9,000.01', 'Blå time – Åse', '1,999', '8,999.01', 'Others (1,204)', '77', '-12.35'],
        ['Platforms', 'Royalties, EUR', 'Spotify', '500.50', 'Tidal', '499.50'],
        ['Countries', 'Royalties, EUR', 'Denmark', '300.13', 'Unknown Region', '-100.13'],
        'Amounts are rounded to the minor unit of EUR, halves away from zero, so a list can differ from the total in its last digit.',
        'All digits are in the exact total above and in the files of the report.',
      ].flat(),
    );
  });

  it.each([
    ['a column of figures', ['2,000', '1,999', '77']],
    ['a column of amounts', ['9,000.01', '8,999.01', '-12.35', '300.13', '-100.13', '8 November 2025', '128,934']],
    ['the other column of amounts', ['500.50', '499.50']],
  ])('has one right edge for %s', async (_, column) => {
    const { texts } = await drawn();
    const edges = texts.filter(({ text }) => column.includes(text)).map(({ right }) => right.toFixed(1));
    expect(edges).toEqual(column.map(() => edges[0]));
  });

  it('is in the tenant’s language, with its numbers, dates and names of countries', async () => {
    const { words, lang, info } = await drawn({ language: 'da' });
    expect(words).toEqual(
      expect.arrayContaining([
        'Royaltyopgørelse',
        '12.345,68 EUR',
        'Præcist 12.345,6750000001 EUR',
        '30. oktober 2025',
        'Afventer',
        'Andre (1.204)',
        '-12,35',
        'Danmark',
        'Ukendt område',
      ]),
    );
    expect([lang, info]).toMatchObject([
      'da-DK',
      { Title: 'Royaltyopgørelse 7289: KONTOR, august 2025', Language: 'da-DK' },
    ]);
  });

  it('is in English for a tenant of a language that it does not speak yet', async () => {
    expect((await drawn({ language: 'xx' })).words).toContain('Royalty statement');
  });

  it.each<[string, Partial<StatementFacts>, string]>([
    ['when it was paid', { debitState: 'PAID', paidAt: new Date('2025-11-30T23:30:00Z') }, 'Paid on 1 December 2025'],
    ['that it is cancelled', { debitState: 'CANCELLED' }, 'Cancelled'],
    ['what it adjusts', { adjusts: 7120 }, 'Adjusts report 7120'],
    [
      'what adjusts it',
      { adjustedBy: [7300, 7311], adjustments: '-20.005' },
      'Adjusted by -20.01 EUR in report 7300, 7311',
    ],
  ])('says %s', async (_, changes, text) => {
    expect((await drawn(changes)).words).toContain(text);
  });

  it('has the decimals of its currency', async () => {
    expect((await drawn({ currency: 'JPY' })).words).toContain('12,346 JPY');
    expect((await drawn({ currency: 'KWD' })).words).toContain('12,345.675 KWD');
  });

  it('is a page for nothing, too', async () => {
    const { words } = await drawn({ totalRoyalties: '0', lines: '0', quantity: '0' }, nothing);
    expect(words).toEqual(expect.arrayContaining(['0.00 EUR', 'Exactly 0 EUR']));
    expect(words.filter((text) => text === 'Nothing in this report')).toHaveLength(3);
  });

  it('is the same bytes for the same report, and others after a change', async () => {
    const first = await statementPdf(facts(), groups());
    expect(await statementPdf(facts(), groups())).toEqual(first);
    expect(await statementPdf(facts({ debitState: 'CANCELLED' }), groups())).not.toEqual(first);
  });

  it('can be listened to: a document with a title, headings and tables', async () => {
    const { page, info } = await drawn();
    const tree = await page.getStructTree();
    const roles = JSON.stringify(tree).matchAll(/"role":"(\w+)"/g);
    expect(new Set([...roles].map(([, role]) => role))).toEqual(
      new Set(['Root', 'Document', 'P', 'H1', 'Table', 'TR', 'TH', 'TD']),
    );
    expect(info).toMatchObject({ Author: 'Northern Lights Distribution', Language: 'en-GB' });
  });
});

const long = 'A name without end '.repeat(300);
const unbroken = 'W'.repeat(5_000);
const hostile = ') Tj ET /JS (app.alert(1)) >> \\\u0000\u202Eendobj\r\n%%EOF 日本語 🎵 مرحبا Ελλάδα Привет';
const awkward = (name: string, royalties: string): [Partial<StatementFacts>, StatementGroups] => [
  {
    sender: name,
    recipient: name,
    email: `${name}@x`,
    distributor: name,
    totalRoyalties: royalties,
    quantity: royalties,
    adjustedBy: [7300, 7311, 7322],
    adjustments: royalties,
  },
  {
    releases: of(Array(8).fill(name), () => royalties, { count: 9, quantity: royalties, royalties }),
    platforms: of(Array(8).fill(name), () => royalties, { count: 9, quantity: '1', royalties }),
    countries: of(Array(8).fill('BA'), () => royalties, { count: 9, quantity: '1', royalties }),
  },
];

describe('whatever others wrote', () => {
  it.each([
    ['names without end', long, '1.5'],
    ['names without a space', unbroken, '-0.001'],
    ['names that would be code', hostile, '100'],
    ['no names', '', '0'],
    ['a currency of many zeros', 'Ada', '-1234567890123456789.1234567891'],
    ['both', long, '-1234567890123456789.1234567891'],
  ])('stands on the page, apart from everything else: %s', async (_, name, royalties) => {
    const { pages, texts, width, height } = await drawn(...awkward(name, royalties));
    expect(pages).toBe(1);
    for (const { left, right, y } of texts) {
      expect(left).toBeGreaterThanOrEqual(55.9);
      expect(right).toBeLessThanOrEqual(width - 55.9);
      expect(y).toBeGreaterThan(30);
      expect(y).toBeLessThan(height - 30);
    }
    const overlaps = texts.flatMap((one) =>
      texts
        .filter((other) => other !== one && Math.abs(other.y - one.y) < 6 && other.left >= one.left)
        .map((other) => (other.left < one.right - 0.1 ? [one.text, other.text] : [])),
    );
    expect(overlaps.flat()).toEqual([]);
  });

  it('is not cut where it is a figure', async () => {
    const amount = '-1,234,567,890,123,456,789.12 EUR';
    const { words } = await drawn(...awkward(long, '-1234567890123456789.1234567891'));
    expect(words).toContain(amount);
    expect(words.filter((text) => text === amount.replace(' EUR', ''))).toHaveLength(27);
    expect(words.filter((text) => /\d…/.test(text))).toEqual([]);
  });

  it('is text and nothing else', async () => {
    const { words, info } = await drawn({ sender: hostile }, nothing);
    const plain = ') Tj ET /JS (app.alert(1)) >> \\ endobj %%EOF';
    expect(words[0]).toContain(plain);
    expect(words[0]).toContain('□□□ □');
    expect(words.at(-1)).toBe(
      '□ stands for a letter that the font of this document lacks; the files of the report have it.',
    );
    expect((info as { Author: string }).Author).toContain(plain);
  });
});
