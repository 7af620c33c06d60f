import { contractCreate, statementUnmatched } from '@countinghouse/client';
import { openMember, openTenant, type Platform, startProduct, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kontorFile } from './kontor-file.js';
import { decimalText, expectedOf, type ModelContract, scaled, sumOf } from './model.js';
import { randomContracts, randomLines, seeded } from './random-statement.js';
import { csvRows, type FileName, fileTexts } from './report-files.js';

const seed = 20_261_120;
const lineCount = 5_000;

/** The columns that a grouped file's lines are told apart and, at the same royalties, ordered by. */
const groups = {
  labels: ['Label'],
  artists: ['Artist'],
  releases: ['Release', 'UPC', 'Artist'],
  platforms: ['Platform'],
  countries: ['Country', 'Country Code'],
} satisfies Partial<Record<FileName, string[]>>;

let platform: Platform;
let tenant: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  tenant = await openTenant(platform);
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

/** Field `name` of a JSON text, digit by digit. */
const numbersIn = (json: string, name: string): string[] =>
  [...json.matchAll(new RegExp(`"${name}":(-?[\\d.]+)`, 'g'))].map(([, digits]) => digits!);

describe(`a statement of ${lineCount} random lines, seed ${seed}`, () => {
  it('comes out to the last digit, in every file of every report', async () => {
    const random = seeded(seed);
    const owners = await Promise.all(Array.from({ length: 6 }, () => openMember(platform.url, tenant.admin)));
    const contracts: ModelContract[] = randomContracts(
      random,
      owners.map(({ id }) => id),
    );
    for (const { owner, ...terms } of contracts) {
      const body = { ...terms, userId: owner };
      await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
    }
    const lines = randomLines(random, lineCount);
    const expected = expectedOf(lines, contracts);

    const { id } = await tenant.admin.uploaded('distributor=KONTOR&reportingMonth=202508', kontorFile(lines));
    const statement = await tenant.admin.get(`/royalties/statements/${id}`);
    expect(statement.json).toMatchObject({ state: 'completed', lines: expected.counts });
    expect(numbersIn(statement.text, 'net')).toEqual([decimalText(expected.net)]);
    expect(numbersIn(statement.text, 'royalties')).toEqual([decimalText(expected.royalties)]);

    const totals: string[] = [];
    for (const { api, id: owner } of owners) {
      const rows = expected.rows.get(owner) ?? [];
      const { text, json } = await api.get('/financial/reports/user-reports/current?distributor=KONTOR');
      const [report, ...others] = json as { id: number }[];
      expect([others, report !== undefined]).toEqual([[], rows.length > 0]);
      if (!report) continue;
      const [total] = numbersIn(text, 'totalRoyalties');
      expect(total).toBe(sumOf(rows.map((row) => row['Royalties']!)));
      totals.push(total!);
      checkFiles(await fileTexts(api, report.id), rows, total!);
    }
    expect(totals.length).toBeGreaterThan(3);
    expect(sumOf(totals)).toBe(decimalText(expected.royalties));

    const { text: unmatched } = await tenant.admin.get(`/royalties/statements/${id}/unmatched`);
    const { data: labels } = await statementUnmatched({ client: tenant.admin.client, path: { id } });
    expect(labels!.map(({ label, lines }, at) => [label, lines, numbersIn(unmatched, 'net')[at]])).toEqual(
      expected.unmatched,
    );
    const rejected = await tenant.admin.get(`/royalties/statements/${id}/rejected.csv`);
    expect(csvRows(rejected.text).map(({ Line }) => Number(Line))).toEqual(expected.rejected);
  });
});

function checkFiles(files: Record<FileName, string>, expected: Record<string, string>[], total: string): void {
  const full = csvRows(files.full);
  expect(full.map((row) => pick(row, Object.keys(expected[0]!)))).toEqual(expected);
  const quantity = sumOf(full.map((row) => row['Quantity']!));
  for (const [name, columns] of Object.entries(groups)) {
    const rows = csvRows(files[name as keyof typeof groups]);
    expect(sumOf(rows.map((row) => row['Royalties']!))).toBe(total);
    expect(sumOf(rows.map((row) => row['Quantity']!))).toBe(quantity);
    expect(rows).toEqual(grouped(expected, columns));
  }
}

const pick = (row: Record<string, string>, columns: string[]) =>
  Object.fromEntries(columns.map((column) => [column, row[column]]));

/** Lines summed up by some of their columns: the largest royalties first, ties by name. */
function grouped(rows: Record<string, string>[], columns: string[]): Record<string, string>[] {
  const byNames = Map.groupBy(rows, (row) => columns.map((column) => row[column]!).join('\0'));
  const byRoyaltiesThenNames = (a: Record<string, string>, b: Record<string, string>) => {
    const difference = scaled(b['Royalties']!) - scaled(a['Royalties']!);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    const differing = columns.find((name) => a[name] !== b[name])!;
    return a[differing]! < b[differing]! ? -1 : 1;
  };
  return [...byNames.values()]
    .map((members) => ({
      ...pick(members[0]!, columns),
      Currency: 'EUR',
      Quantity: sumOf(members.map((row) => row['Quantity']!)),
      Royalties: sumOf(members.map((row) => row['Royalties']!)),
    }))
    .sort(byRoyaltiesThenNames);
}
