import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { matchingKeys } from '@countinghouse/catalogue';
import { engineInFolder, linesOf, parseCsv, type BookedRow, type LineRow } from '../../test/engine.js';
import { kontorHeader, kontorLine } from '../../test/kontor-file.js';
import { bookLines, type ContractTerm } from './book-lines.js';
import type { ReportPart } from './lines-file.js';
import { writeReportFiles } from './write-report-files.js';

const { read, newFolder } = engineInFolder();

// The model: sums of integers in units of 1e-10, and rules of one line each.

const units = (decimal: string): bigint => {
  const [, sign, whole, decimals = ''] = /^(-?)(\d+)\.?(\d*)$/.exec(decimal)!;
  return BigInt(`${sign}${whole}${decimals.padEnd(10, '0')}`);
};
const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n);
const royaltyOf = (net: bigint, hundredths: number): bigint => {
  const exact = net * BigInt(hundredths);
  return (exact + (exact < 0n ? -5_000n : 5_000n)) / 10_000n;
};

interface ModelLine {
  label: string;
  artist: string;
  store: string;
  country: string;
  month: string;
  isrc: string;
  ean: string;
  net: bigint;
  quantity: number;
  wrong: 'isrc' | 'net' | 'country' | 'cells' | 'quotes' | null;
}

interface Contract {
  scope: ContractTerm['scope'];
  match: string;
  owner: number;
  hundredths: number;
  from: string | null;
  until: string | null;
}

const labels = ['Polar', 'Aurora', 'Straße', 'Nobody & Co', 'polar'];
const isrcs = ['', 'DEA622500001', 'DEA622500002', 'DEA622500003'];
const eans = ['', '4260123459598', '4006381333931'];
const months = ['202505', '202506', '202507'];

const line = fc.record<ModelLine>({
  label: fc.constantFrom(...labels),
  artist: fc.constantFrom('Ada', 'Bob, and "friends"', '=Eve', 'two\nlines'),
  store: fc.constantFrom('Spotify', 'Deezer'),
  country: fc.constantFrom('DE', 'France', ''),
  month: fc.constantFrom(...months),
  isrc: fc.constantFrom(...isrcs),
  ean: fc.constantFrom(...eans),
  net: fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
  quantity: fc.integer({ min: -1000, max: 100_000 }),
  wrong: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom('isrc', 'net', 'country', 'cells', 'quotes') },
  ),
}) as fc.Arbitrary<ModelLine>;

const contract: fc.Arbitrary<Contract> = fc
  .oneof(
    fc.record({
      scope: fc.constant('label' as const),
      match: fc.constantFrom('POLAR', 'aurora ', 'STRASSE', 'nobody & co'),
    }),
    fc.record({ scope: fc.constant('track' as const), match: fc.constantFrom(...isrcs.slice(1)) }),
    fc.record({ scope: fc.constant('release' as const), match: fc.constantFrom(...eans.slice(1)) }),
  )
  .chain((thing) =>
    fc.record({
      scope: fc.constant(thing.scope),
      match: fc.constant(thing.match),
      owner: fc.integer({ min: 1, max: 4 }),
      hundredths: fc.integer({ min: 0, max: 10_000 }),
      from: fc.constantFrom(null, '202506'),
      until: fc.constantFrom(null, '202507'),
    }),
  );
const contracts = fc.uniqueArray(contract, { selector: ({ scope, match }) => `${scope} ${match}`, maxLength: 8 });

const amountText = (net: bigint): string => {
  const digits = String(net < 0n ? -net : net).padStart(11, '0');
  return `${net < 0n ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(-10)}`;
};

function recordOf({ label, artist, store, country, month, isrc, ean, net, quantity, wrong }: ModelLine): string {
  if (wrong === 'cells') return 'too;few';
  const record = kontorLine({
    label,
    artist,
    store,
    country: wrong === 'country' ? 'Atlantis' : country,
    period: month,
    isrc: wrong === 'isrc' ? 'DEA6' : isrc,
    ean,
    royalties: wrong === 'net' ? 'n/a' : amountText(net),
    units: `${quantity}`,
  });
  return wrong === 'quotes' ? record.replaceAll('\n', ' ').replace('Track;', 'Track;"') : record;
}

const userOf = (owner: number) => `00000000-0000-4000-8000-00000000000${owner}`;
const termsOf = (list: readonly Contract[]): ContractTerm[] =>
  list.map(({ scope, match, owner, hundredths, from, until }, at) => ({
    contractId: at + 1,
    scope,
    key: matchingKeys(scope, [match])[0]!,
    owner: userOf(owner),
    sharePercent: (hundredths / 100).toFixed(2),
    from,
    until,
  }));

/** The contract that a line falls under. */
function contractOf({ label, isrc, ean, month }: ModelLine, list: readonly Contract[]): Contract | undefined {
  const valid = list.filter(({ from, until }) => (!from || month >= from) && (!until || month < until));
  return (
    valid.find(({ scope, match }) => scope === 'track' && match === isrc) ??
    valid.find(({ scope, match }) => scope === 'release' && match === ean) ??
    valid.find(
      ({ scope, match }) => scope === 'label' && match.trim().toLowerCase() === label.toLowerCase().replace('ß', 'ss'),
    )
  );
}

const sumsIn = (csv: string, quantityAt: number) => {
  const rows = parseCsv(csv).slice(1);
  return {
    quantity: sum(rows.map((cells) => BigInt(cells.at(quantityAt)!))),
    royalties: sum(rows.map((cells) => units(cells.at(-1)!))),
  };
};

it('every line ends up in exactly one place, and every sum agrees to the last digit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 60 }),
      contracts,
      contracts,
      async (lines, early, more) => {
        const added = more.filter(
          ({ scope, match }) => !early.some((other) => other.scope === scope && other.match === match),
        );
        const statement = await read([kontorHeader, ...lines.map(recordOf)].join('\n') + '\n', { decimal: 'point' });
        const good = lines.filter(({ wrong }) => wrong === null);
        expect(statement.counts).toEqual({ read: lines.length, rejected: lines.length - good.length });
        expect(statement.rejected).toHaveLength(lines.length - good.length);
        expect(units(statement.net)).toBe(sum(good.map(({ net }) => net)));

        const workDir = await newFolder();
        const first = await bookLines({ linesPath: statement.linesPath, terms: termsOf(early), workDir });
        const lateDir = await newFolder();
        const late = await bookLines({
          linesPath: first.suspensePath,
          terms: termsOf([...early, ...added]),
          workDir: lateDir,
        });

        // Statement = accepted + accepted late + suspense.
        const suspended = await linesOf<LineRow>(late.suspensePath, lateDir);
        const booked = [
          ...(await linesOf<BookedRow>(first.acceptedPath, workDir)),
          ...(await linesOf<BookedRow>(late.acceptedPath, lateDir)),
        ];
        expect([...suspended, ...booked].map((row) => row.line).toSorted((a, b) => a - b)).toEqual(
          statement.lines.map((row) => row.line),
        );
        expect(units(first.accepted.net) + units(late.accepted.net) + units(late.suspense.net)).toBe(
          units(statement.net),
        );
        expect(sum(late.suspense.labels.map(({ net }) => units(net)))).toBe(units(late.suspense.net));
        expect(suspended).toHaveLength(
          good.filter((row) => !contractOf(row, early) && !contractOf(row, [...early, ...added])).length,
        );

        // Each owner's report = the model's, in all six files, and again when the first booking is taken back.
        const parts: ReportPart[] = [
          { path: first.acceptedPath, sign: 1 },
          { path: late.acceptedPath, sign: 1 },
        ];
        for (const voided of [false, true]) {
          const outDir = join(await newFolder(), 'files');
          const all = voided ? [...parts, { path: first.acceptedPath, sign: -1 } as const] : parts;
          const reports = [1, 2, 3, 4].map((owner) => ({ id: owner, owner: userOf(owner), reportingMonth: '202508' }));
          await writeReportFiles({ parts: all, reports, delimiter: 'comma', outDir, workDir });
          for (const { id: owner } of reports) {
            const own = good.flatMap((row) => {
              const now = contractOf(row, early);
              const then = now ?? contractOf(row, [...early, ...added]);
              if (then?.owner !== owner || (voided && now)) return [];
              return [{ quantity: row.quantity, royalty: royaltyOf(row.net, then.hundredths) }];
            });
            const expected = {
              quantity: sum(own.map(({ quantity }) => BigInt(quantity))),
              royalties: sum(own.map(({ royalty }) => royalty)),
            };
            for (const file of ['labels', 'artists', 'releases', 'platforms', 'countries', 'full']) {
              const csv = await readFile(join(outDir, `${owner}_${file}.csv`), 'utf8');
              expect([owner, file, sumsIn(csv, file === 'full' ? -3 : -2)]).toEqual([owner, file, expected]);
            }
            const total = [first, late].flatMap(({ accepted }, at) =>
              accepted.owners.filter((row) => row.owner === userOf(owner) && !(voided && at === 0)),
            );
            expect(sum(total.map(({ royalties }) => units(royalties)))).toBe(expected.royalties);
          }
        }
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});
