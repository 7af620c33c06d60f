import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { multiply, sum } from '@countinghouse/money';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { labelKey } from '@countinghouse/catalogue';
import { couldTie, type SplitWithShares, winningSplit } from '../domain/split.js';
import { literal, withDuckDb } from '@countinghouse/duckdb';
import { writeEarningsRows } from './earnings-rows.js';
import { type Credit, evaluateSplits } from './evaluate-splits.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splits-'));
});
afterAll(() => rm(folder, { recursive: true }));

const users = [1, 2, 3, 4].map((number) => `0198c0de-0000-7000-8000-00000000000${number}`);
const usageTypes = ['stream', 'download', 'physical', 'other'];

interface EarningsRow {
  owner: string;
  isrc: string;
  upc: string;
  artist: string;
  label: string;
  store: string;
  country: string;
  usageType: string;
  salesMonth: string;
  quantity: number;
  amount: string;
}

/** An earnings file as royalties writes it, made ready. */
async function earningsFile(rows: readonly EarningsRow[]): Promise<string> {
  const work = await mkdtemp(join(folder, 'file-'));
  const path = join(work, 'earnings.parquet');
  await withDuckDb(work, {}, async (database) => {
    await database.run(`CREATE TABLE texts (owner VARCHAR, isrc VARCHAR, upc VARCHAR, artist VARCHAR, label VARCHAR,
      store VARCHAR, country VARCHAR, usageType VARCHAR, salesMonth VARCHAR, quantity VARCHAR, amount VARCHAR)`);
    await database.append(
      'texts',
      rows.map((row) => Object.values({ ...row, quantity: `${row.quantity}` })),
    );
    await database.run(`COPY (
      SELECT CAST(owner AS UUID) AS owner, isrc, upc, artist, label, store, country, usageType, salesMonth,
        CAST(if(usageType = 'stream', quantity, '0') AS DECIMAL(38, 0)) AS streams,
        CAST(if(usageType = 'download', quantity, '0') AS DECIMAL(38, 0)) AS downloads,
        CAST(if(usageType IN ('stream', 'download'), '0', quantity) AS DECIMAL(38, 0)) AS units,
        CAST(amount AS DECIMAL(38, 10)) AS amount
      FROM texts) TO ${literal(path)} (FORMAT parquet)`);
  });
  const rowsPath = join(work, 'rows.duckdb');
  await writeEarningsRows({ path, rowsPath, workDir: work });
  return rowsPath;
}

async function creditsOf(
  parts: { rows: EarningsRow[]; sign?: 1 | -1; group?: number }[],
  splits: SplitWithShares[],
  before?: SplitWithShares[],
) {
  const files = [];
  for (const { rows, sign = 1, group = 0 } of parts) files.push({ path: await earningsFile(rows), sign, group });
  const workDir = await mkdtemp(join(folder, 'work-'));
  return evaluateSplits({ parts: files, splits, workDir, ...(before && { before }) }, async ({ totals, credits }) => {
    const all: Credit[] = [];
    for await (const batch of credits()) all.push(...batch);
    const sums: Credit[] = [];
    for await (const batch of totals()) sums.push(...batch);
    expect(sums).toEqual(all.filter(({ dimension }) => dimension === 'all'));
    return all;
  });
}

const row = fc.record<EarningsRow>({
  owner: fc.constantFrom(...users),
  isrc: fc.constantFrom('', 'DKABC2500001', 'DKABC2500002'),
  upc: fc.constantFrom('', '0004006381333931', '4006381333931'),
  artist: fc.constantFrom('Ada', 'ÅSE', 'Åse '),
  label: fc.constantFrom('Straße', 'STRASSE', 'Polar'),
  store: fc.constantFrom('Spotify', 'spotify', 'Apple Music'),
  country: fc.constantFrom('DK', 'SE', 'ZZ'),
  usageType: fc.constantFrom(...usageTypes),
  salesMonth: fc.constantFrom('202412', '202501', '202502'),
  quantity: fc.integer({ min: -5, max: 1000 }),
  amount: fc.integer({ min: -1_000_000, max: 1_000_000_000 }).map((units) => multiply(`${units}`, '0.0000000001')),
});

const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
const condition = fc.record(
  {
    mode: fc.constantFrom('include', 'exclude'),
    territories: some('DK', 'SE'),
    dsps: some('spotify', 'apple music'),
    usageTypes: some(...usageTypes),
  },
  { requiredKeys: ['mode'] },
);
const day = fc.constantFrom(null, '2024-12-01', '2025-01-01', '2025-01-02', '2025-02-01');
const shares = fc.constantFrom(
  ...([['100'], ['33.3333', '66.6667'], ['0.0001', '49.9999', '50']] as const), // prettier-ignore
);
const split = fc
  .record({
    scope: fc
      .record(
        {
          isrc: fc.constantFrom('DKABC2500001', 'DKABC2500002'),
          upc: fc.constant('4006381333931'),
          artist: fc.constantFrom('ada', labelKey('Åse')),
          label: fc.constantFrom('strasse', 'polar'),
        },
        { requiredKeys: [] },
      )
      .filter((scope) => Object.keys(scope).length > 0),
    startDate: day,
    endDate: day,
    conditions: fc.array(condition, { maxLength: 2 }),
    shares,
  })
  .map(({ shares: parts, ...rule }) => ({
    ...rule,
    shares: parts.map((share, at) => ({ userId: users[at]!, share })),
  }));

const splitsWithoutTies = fc
  .array(split, { maxLength: 12 })
  .map((rules) =>
    rules
      .map((rule, id) => ({ ...rule, id }))
      .reduce<SplitWithShares[]>(
        (kept, rule) => (kept.some((other) => couldTie(other, rule, usageTypes)) ? kept : [...kept, rule]),
        [],
      ),
  );

/** The same by the readable rules, row by row. */
function expectedTotals(rows: readonly EarningsRow[], splits: readonly SplitWithShares[]): Map<string, string> {
  const amounts = new Map<string, string[]>();
  for (const { owner, isrc, upc, artist, label, store, country, usageType, salesMonth, amount } of rows) {
    const keys = { isrc, upc: upc.replace(/^0+/, ''), artist: labelKey(artist), label: labelKey(label) };
    const date = `${salesMonth.slice(0, 4)}-${salesMonth.slice(4)}-01`;
    const won = winningSplit(splits, keys, { territory: country, dsp: labelKey(store), usageType, date });
    const parts = (won as SplitWithShares | null)?.shares ?? [{ userId: owner, share: '100' }];
    for (const { userId, share } of parts) {
      const part = multiply(multiply(amount, share), '0.01');
      amounts.set(userId, [...(amounts.get(userId) ?? []), part]);
    }
  }
  return new Map([...amounts].map(([userId, parts]) => [userId, sum(parts)]));
}

/** Sums by what they are of, without those that are nothing. */
function amountsOf(credits: readonly Credit[]): Map<string, string[]> {
  const sums = Map.groupBy(credits, ({ userId, dimension, key }) => `${userId} ${dimension} ${key}`);
  const all = [...sums].map(([of, parts]): [string, string[]] => [
    of,
    (['streams', 'streamsRoyalty', 'downloads', 'downloadsRoyalty', 'royalty'] as const).map((figure) =>
      sum(parts.map((part) => plain(part[figure]))),
    ),
  ]);
  return new Map(all.filter(([, figures]) => figures.some((figure) => figure !== '0')));
}

const plain = (amount: string): string => sum([amount.includes('.') ? amount.replace(/\.?0*$/, '') || '0' : amount]);

describe('splitting earnings', () => {
  it('gives everybody what the rules give them row by row, to the last digit, and nothing gets lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), splitsWithoutTies, async (rows, splits) => {
        const credits = await creditsOf([{ rows }], splits);
        const totals = credits.filter(({ dimension }) => dimension === 'all');
        const expected = expectedTotals(rows, splits);
        const royalties = new Map(totals.map(({ userId, royalty }) => [userId, plain(royalty)]));
        for (const userId of users) expect(royalties.get(userId) ?? '0').toBe(expected.get(userId) ?? '0');
        const earned = sum(rows.map(({ amount }) => amount));
        for (const dimension of ['all', 'month', 'dsp', 'territory']) {
          const royalties = credits
            .filter((credit) => credit.dimension === dimension)
            .map(({ royalty }) => plain(royalty));
          expect(sum(royalties)).toBe(earned);
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  }, 120_000);

  it('says by how much everything changes when splits do, as two evaluations would, with as many parts as there are', async () => {
    const someParts = fc.array(fc.array(row, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(someParts, splitsWithoutTies, splitsWithoutTies, fc.nat(12), async (files, a, b, kept) => {
        const parts = files.map((rows, at) => ({ rows, sign: at === 2 ? (-1 as const) : (1 as const) }));
        // Some splits stay as they are, under their ids; the others have new ones.
        const before = [...a];
        const after = [...a.slice(0, kept), ...b.map((split) => ({ ...split, id: split.id + 100 }))];
        const change = await creditsOf(parts, after, before);
        const [was, is] = [await creditsOf(parts, before), await creditsOf(parts, after)];
        expect(amountsOf([...was, ...change])).toEqual(amountsOf(is));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 120_000);

  const one: EarningsRow = {
    owner: users[0]!,
    isrc: 'DKABC2500001',
    upc: '',
    artist: 'Ada',
    label: 'Polar',
    store: 'Spotify',
    country: 'DK',
    usageType: 'stream',
    salesMonth: '202501',
    quantity: 10,
    amount: '1.5',
  };

  it('counts whole quantities and shared royalties', async () => {
    const shared: SplitWithShares = {
      id: 1,
      scope: { isrc: 'DKABC2500001' },
      startDate: null,
      endDate: null,
      conditions: [],
      shares: [
        { userId: users[1]!, share: '60' },
        { userId: users[2]!, share: '40' },
      ],
    };
    const rows = [one, { ...one, usageType: 'download', quantity: 2, amount: '1' }];
    const credits = await creditsOf([{ rows }], [shared]);
    expect(
      credits
        .filter(({ dimension }) => dimension === 'all')
        .map((credit) => ({ ...credit, royalty: plain(credit.royalty) })),
    ).toMatchObject([
      { userId: users[1], streams: '10', downloads: '2', royalty: '1.5' },
      { userId: users[2], streams: '10', downloads: '2', royalty: '1' },
    ]);
    expect(credits).toContainEqual(expect.objectContaining({ userId: users[1], dimension: 'month', key: '2025-01' }));
    expect(credits).toContainEqual(expect.objectContaining({ userId: users[1], dimension: 'dsp', key: 'Spotify' }));
    expect(credits).toContainEqual(expect.objectContaining({ userId: users[1], dimension: 'territory', key: 'DK' }));
  });

  it('takes back what counts negative, and keeps groups apart', async () => {
    const back = await creditsOf([{ rows: [one] }, { rows: [one], sign: -1 }], []);
    expect(back).toEqual([]);
    const apart = await creditsOf(
      [
        { rows: [one], group: 3 },
        { rows: [one], group: 5 },
      ],
      [],
    );
    expect(apart.filter(({ dimension }) => dimension === 'all').map(({ group }) => group)).toEqual([3, 5]);
  });

  it('of no earnings at all is nothing', async () => {
    expect(await creditsOf([], [])).toEqual([]);
  });
});
