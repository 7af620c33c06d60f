import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { matchingKeys } from '@countinghouse/catalogue';
import { type BookedRow, engineInFolder, type LineRow, linesOf } from '../../test/engine.js';
import { kontorFile, type KontorLine } from '../../test/kontor-file.js';
import { type BookedLines, bookLines, type ContractTerm } from './book-lines.js';

const { read, newFolder } = engineInFolder();

const user = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
let contracts = 0;
const term = (
  scope: ContractTerm['scope'],
  match: string,
  owner: number,
  more: Partial<ContractTerm> = {},
): ContractTerm => ({
  contractId: ++contracts,
  scope,
  key: matchingKeys(scope, [match])[0]!,
  owner: user(owner),
  sharePercent: '100',
  from: null,
  until: null,
  ...more,
});

type Booked = BookedLines & { acceptedLines: BookedRow[]; suspendedLines: LineRow[] };

async function bookPath(linesPath: string, terms: ContractTerm[]): Promise<Booked> {
  const workDir = await newFolder();
  const booked = await bookLines({ linesPath, terms, workDir });
  const acceptedLines = await linesOf<BookedRow>(booked.acceptedPath, workDir);
  return { ...booked, acceptedLines, suspendedLines: await linesOf<LineRow>(booked.suspensePath, workDir) };
}

const book = async (lines: KontorLine[], terms: ContractTerm[]) =>
  bookPath((await read(kontorFile(lines), { decimal: 'comma' })).linesPath, terms);

const ownersOf = ({ acceptedLines }: Booked) =>
  acceptedLines.map(({ line, owner }) => [line, Number(owner.slice(-12))]);

describe('a line has the owner', () => {
  it('of its track before that of its release before that of its label', async () => {
    const [track, release, label] = [
      term('track', 'DEA622500001', 1),
      term('release', '4260123459598', 2),
      term('label', 'Polar Records', 3),
    ];
    expect(ownersOf(await book([{}], [label, release, track]))).toEqual([[2, 1]]);
    expect(ownersOf(await book([{}], [label, release]))).toEqual([[2, 2]]);
    expect(ownersOf(await book([{}], [label]))).toEqual([[2, 3]]);
    expect(ownersOf(await book([{ isrc: '', ean: '' }], [label, release, track]))).toEqual([[2, 3]]);
  });

  it('that the contract names for its sales month', async () => {
    const lines = ['202505', '202506', '202507', '202508'].map((period) => ({ period }));
    const terms = [
      term('label', 'Polar Records', 1, { until: '202506' }),
      term('label', 'Polar Records', 2, { from: '202506', until: '202508' }),
    ];
    const booked = await book(lines, terms);
    expect(ownersOf(booked)).toEqual([
      [2, 1],
      [3, 2],
      [4, 2],
    ]);
    expect(booked.suspendedLines.map(({ line }) => line)).toEqual([5]);
  });

  it('of the next scope in months that the contract of the first does not cover', async () => {
    const terms = [term('track', 'DEA622500001', 1, { from: '202508' }), term('label', 'Polar Records', 2)];
    expect(ownersOf(await book([{ period: '202507' }, { period: '202508' }], terms))).toEqual([
      [3, 1],
      [2, 2],
    ]);
  });

  it.each([
    ['POLAR  records ', 'Polar Records'],
    ['Straße', 'STRASSE'],
    ['Rock &amp; Roll', 'rock & roll'],
    ['Ｐｏｌａｒ', 'polar'],
  ])('whose label is written %j in the file and %j in the contract', async (label, match) => {
    expect(ownersOf(await book([{ label }], [term('label', match, 1)]))).toEqual([[2, 1]]);
  });

  it('whose codes are written with other separators and zeros in front', async () => {
    const lines = [
      { ean: '036000291452', isrc: '' },
      { ean: '', isrc: 'de-a62-25-00001' },
    ];
    const terms = [term('release', '0036000291452', 1), term('track', 'DE-A62-25-00001', 2)];
    expect(ownersOf(await book(lines, terms))).toEqual([
      [2, 1],
      [3, 2],
    ]);
  });

  it('no empty name or code can have', async () => {
    const empty = (scope: ContractTerm['scope']) => ({ ...term(scope, 'x', 1), key: '' });
    const booked = await book([{ label: '', isrc: '', ean: '' }], [empty('label'), empty('release'), empty('track')]);
    expect(ownersOf(booked)).toEqual([]);
  });
});

describe('the royalty of a line', () => {
  it.each([
    ['0,00000000005', '100', '0.0000000001'],
    ['-0,00000000005', '100', '-0.0000000001'],
    ['0,000000000049999', '100', '0.0000000000'],
    ['0,0000000001', '50', '0.0000000001'],
    ['0,0000000001', '49.9999', '0.0000000000'],
    ['-0,0000000003', '50', '-0.0000000002'],
    ['100', '33.3333', '33.3333000000'],
    ['1,23', '0', '0.0000000000'],
    ['999999999999999,999999999999999', '100', '1000000000000000.0000000000'],
    ['-999999999999999,999999999999999', '99.9999', '-999999000000000.0000000000'],
  ])('of %s at %s %% is %s', async (royalties, sharePercent, royalty) => {
    const { acceptedLines } = await book([{ royalties }], [term('label', 'Polar Records', 1, { sharePercent })]);
    expect(acceptedLines.map((line) => line.royalty)).toEqual([royalty]);
  });

  it.each([
    [2, 2],
    [8, 6],
    [8, 10],
    [5, 12],
    [1, 15],
    [15, 15],
  ])('of up to %i digits and %i decimals is rounded once to ten, half away from zero', async (digits, places) => {
    const amount = fc
      .tuple(fc.integer({ min: 1, max: digits }), fc.nat({ max: places }))
      .chain(([whole, decimals]) =>
        fc.tuple(
          fc.boolean(),
          fc.bigInt({ min: 0n, max: 10n ** BigInt(whole + decimals) - 1n }),
          fc.constant(decimals),
        ),
      );
    const share = fc.nat({ max: 1_000_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 50, maxLength: 200 }), share, async (amounts, tenThousandths) => {
        const nets = amounts.map(([negative, digits, decimals]) => {
          const text = String(digits).padStart(decimals + 1, '0');
          return `${negative ? '-' : ''}${text.slice(0, text.length - decimals)}${decimals > 0 ? ',' : ''}${text.slice(text.length - decimals)}`;
        });
        const expected = nets.map((net) => {
          const [whole, decimals = ''] = net.replace('-', '').split(',');
          const exact = BigInt(whole + decimals.padEnd(16, '0')) * BigInt(tenThousandths);
          const rounded = (exact + 5n * 10n ** 11n) / 10n ** 12n;
          const digits = String(rounded).padStart(11, '0');
          return `${net.startsWith('-') && rounded > 0n ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(-10)}`;
        });
        const sharePercent = (tenThousandths / 10_000).toFixed(4);
        const { acceptedLines } = await book(
          nets.map((royalties) => ({ royalties })),
          [term('label', 'Polar Records', 1, { sharePercent })],
        );
        expect(acceptedLines.map((line) => line.royalty)).toEqual(expected);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});

describe('booking', () => {
  const lines: KontorLine[] = [
    { label: 'Polar', royalties: '1,5', units: '1' },
    { label: 'Nobody', royalties: '0,25', units: '2' },
    { label: 'Aurora', royalties: '-0,5', units: '-3' },
    { label: 'Nobody Else', royalties: '7', units: '4' },
    { label: 'Polar', royalties: '2,25', units: '5' },
    { label: 'Nobody', royalties: '0,5', units: '6' },
  ];
  const polar = term('label', 'Polar', 2, { sharePercent: '50' });
  const aurora = term('label', 'Aurora', 1);

  it('sums up what each owner has, and what nobody has of each label', async () => {
    const { accepted, suspense } = await book(lines, [polar, aurora]);
    expect(accepted).toEqual({
      lines: 3,
      net: '3.25',
      royalties: '1.375',
      owners: [
        { owner: user(1), lines: 1, quantity: '-3', net: '-0.5', royalties: '-0.5' },
        { owner: user(2), lines: 2, quantity: '6', net: '3.75', royalties: '1.875' },
      ],
    });
    expect(suspense).toEqual({
      lines: 3,
      net: '7.75',
      labels: [
        { label: 'Nobody Else', lines: 1, net: '7' },
        { label: 'Nobody', lines: 2, net: '0.75' },
      ],
    });
  });

  it('keeps lines whole, with contract and share', async () => {
    const { acceptedLines } = await book(lines, [polar]);
    expect(acceptedLines).toMatchObject([
      { line: 2, owner: user(2), contract: polar.contractId, label: 'Polar', net: '1.50', royalty: '0.7500000000' },
      { line: 6, owner: user(2), contract: polar.contractId, label: 'Polar', net: '2.25', royalty: '1.1250000000' },
    ]);
  });

  it('of suspended lines takes those alone that now have an owner', async () => {
    const first = await book(lines, [polar, aurora]);
    const late = await bookPath(first.suspensePath, [
      polar,
      aurora,
      term('label', 'Nobody', 3, { sharePercent: '10' }),
    ]);
    expect(late.acceptedLines.map(({ line, royalty }) => [line, royalty])).toEqual([
      [3, '0.0250000000'],
      [7, '0.0500000000'],
    ]);
    expect(late.suspendedLines.map(({ line, label }) => [line, label])).toEqual([[5, 'Nobody Else']]);
    expect(late.suspense.labels).toEqual([{ label: 'Nobody Else', lines: 1, net: '7' }]);
    const again = await bookPath(late.suspensePath, [polar]);
    expect(again.accepted).toEqual({ lines: 0, net: '0', royalties: '0', owners: [] });
    expect(again.suspense).toEqual(late.suspense);
  });

  it('without contracts, or without lines, books nothing', async () => {
    expect((await book(lines, [])).suspense.lines).toBe(6);
    const { linesPath } = await read(kontorFile([{ isrc: 'bad' }]));
    expect(await bookPath(linesPath, [polar])).toMatchObject({
      accepted: { lines: 0, owners: [] },
      suspense: { lines: 0, labels: [] },
    });
  });
});
