import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractCreate, royaltyFiles, royaltyList, userReportCurrent } from '@countinghouse/client';
import { type RoyaltyGroup, royaltyGroups, statementStates } from '@countinghouse/contracts';
import {
  type Api,
  openMember,
  openTenant,
  type Platform,
  startProduct,
  type StatementView,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { amountText, literal, type Row, withDuckDb } from '@countinghouse/duckdb';
import { type Earnings, EarningsListener } from './earnings-listener.js';
import { kontorFile, type KontorLine, nextUpload } from './kontor-file.js';
import { scaled, sumOf } from './model.js';
import { csvRows, fileTexts } from './report-files.js';
import { jobsEnded, openRoyaltiesDatabase } from './royalties-database.js';

let platform: Platform;
let database: DataSource;
let listener: EarningsListener;
let tenant: TestTenant;
let other: { api: Api; id: string };
let stranger: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  database = await openRoyaltiesDatabase(platform);
  listener = await EarningsListener.at(platform);
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
  other = await openMember(platform.url, tenant.admin);
  await own(tenant.memberId, 'Polar Records', '33.3333');
  await own(other.id, 'Other Records', '100');
}, 60_000);

afterAll(async () => {
  await listener?.close();
  await database?.destroy();
  await platform?.stop();
}, 30_000);

const own = (userId: string, match: string, sharePercent: string) =>
  contractCreate({
    client: tenant.admin.client,
    body: { userId, scope: 'label', match, sharePercent },
    throwOnError: true,
  });

const types = ['Streaming', 'Download', 'CD'];

/** Lines of which every third is a stream, a download or a record. */
const typedFile = (lines: KontorLine[]): string =>
  kontorFile(lines)
    .split('\r\n')
    .map((text, at) => text.replace(';Streaming;', `;${types[at % 3]};`))
    .join('\r\n');

const cycled = <T>(at: number, values: readonly T[]): T => values[at % values.length]!;

/** Lines of both owners with all kinds of keys, some of them empty. */
const manyLines = (count: number): KontorLine[] =>
  Array.from({ length: count }, (_, at) => ({
    label: cycled(at, ['Polar Records', 'Polar Records', 'Polar Records', 'Other Records']),
    period: cycled(at, ['202504', '202505', '202506', '202507', '202507']),
    store: cycled(at, ['Spotify', 'Deezer', 'Apple "Music"', 'Ünlü; Müzik']),
    country: cycled(at, ['DE', 'FR', 'US', 'World', 'JP', 'DE', 'BR']),
    artist: cycled(at, ['Ada', 'ada', 'Ada & Bob', 'Çelik', '']),
    title: `Song ${at % 11}`,
    ean: cycled(at, ['4260123459598', '4006381333931', '']),
    isrc: at % 13 === 0 ? '' : `DEA6225${String(at % 17).padStart(5, '0')}`,
    units: `${((at * 37) % 500) - 20}`,
    royalties: `${at % 10 === 3 ? '-' : ''}${at % 90},${String((at * 7_919) % 100_000).padStart(9, '0')}`,
  }));

const upload = async (lines: KontorLine[]): Promise<StatementView> => {
  const statement = await tenant.admin.uploaded(nextUpload(), typedFile(lines));
  expect(statement).toMatchObject({ state: 'completed' });
  return statement;
};

const voiding = async (id: number) => {
  expect(await tenant.admin.post(`/royalties/statements/${id}/void`, { reason: 'wrong' })).toMatchObject({
    status: 200,
  });
};

const pathOf = ({ storageKey }: Earnings): string => join(platform.home, 'objects', storageKey);

/** Exact sums of an earnings file, by owner. */
const ownersIn = (earnings: Earnings): Promise<(Row & { owner: string; rows: number; amount: string })[]> =>
  withDuckDb(tmpdir(), {}, (duckdb) =>
    duckdb.rows(`
      SELECT CAST(owner AS VARCHAR) AS owner, CAST(count(*) AS DOUBLE) AS rows, ${amountText('sum(amount)')} AS amount
      FROM read_parquet(${literal(pathOf(earnings))}) GROUP BY owner ORDER BY amount`),
  );

describe('the earnings of a statement', () => {
  it('are made known once, as a file that comes to the reports of its owners', async () => {
    const { id } = await upload(manyLines(2_000));
    const [earnings] = (await listener.of(id, 1)) as [Earnings];
    expect(earnings).toEqual({
      earningsId: expect.any(Number),
      statementId: id,
      distributor: 'KONTOR',
      reportingMonth: expect.stringMatching(/^\d{6}$/),
      currency: 'EUR',
      storageKey: expect.stringContaining(`${tenant.id}/statements/${id}/earnings-`),
      sha256: createHash('sha256')
        .update(await readFile(pathOf(earnings)))
        .digest('hex'),
      rows: expect.any(Number),
      amount: expect.any(String),
    });
    const owners = await ownersIn(earnings);
    expect(earnings.amount).toBe(sumOf(owners.map(({ amount }) => amount)));
    expect(earnings.rows).toBe(owners.reduce((sum, { rows }) => sum + rows, 0));
    for (const [api, owner] of [
      [tenant.member, tenant.memberId],
      [other.api, other.id],
    ] as const) {
      const { text } = await api.get('/financial/reports/user-reports/current?distributor=KONTOR&size=1');
      expect(text).toContain(`"totalRoyalties":${owners.find((row) => row.owner === owner)!.amount},`);
    }
    const { text } = await tenant.admin.get(`/royalties/statements/${id}`);
    expect(text).toContain(`"royalties":${earnings.amount},`);
  }, 60_000);

  it('that are matched late are told by themselves', async () => {
    const label = `Late ${randomUUID()}`;
    const { id } = await upload([{ royalties: '30' }, { label, royalties: '2' }, { label, royalties: '5' }]);
    await listener.of(id, 1);
    await own(other.id, label, '50');
    const [first, late] = (await listener.of(id, 2)) as [Earnings, Earnings];
    expect(first).toMatchObject({ amount: '9.99999', rows: 1 });
    expect(late).toMatchObject({ amount: '3.5', rows: 2, statementId: id });
    expect(await ownersIn(late)).toEqual([{ owner: other.id, rows: 2, amount: '3.5' }]);
    expect(late.storageKey).not.toBe(first.storageKey);
  }, 60_000);

  it('are not told of where nobody owns anything', async () => {
    const { id } = await upload([{ label: 'Nobody' }]);
    await jobsEnded(database, tenant.id);
    expect(await listener.of(id, 0)).toEqual([]);
  }, 60_000);

  it('are withdrawn when the statement is voided, each of its files once', async () => {
    const before = await rowsOf(tenant.admin, 'groupBy=asset');
    const label = `Late ${randomUUID()}`;
    const { id } = await upload([...manyLines(50), { label }]);
    await own(other.id, label, '50');
    const published = await listener.of(id, 2);
    await voiding(id);
    const all = await listener.of(id, 4);
    expect(all.slice(2)).toEqual(
      published.map(({ earningsId, ...file }) => ({ ...file, earningsId: expect.any(Number), withdraws: earningsId })),
    );
    expect(new Set(all.map(({ earningsId }) => earningsId)).size).toBe(4);
    expect(await rowsOf(tenant.admin, 'groupBy=asset')).toEqual(before);
  }, 60_000);
});

interface RoyaltyView {
  key: string;
  currency: string;
  streams: string;
  streamsRoyalty: string;
  downloads: string;
  downloadsRoyalty: string;
  royalty: string;
}

/** The answer with the very digits of its numbers. */
async function rowsOf(api: Api, query: string): Promise<RoyaltyView[]> {
  const { status, text } = await api.get(`/royalty?${query}`);
  expect([status, text]).toEqual([200, expect.any(String)]);
  return JSON.parse(text.replaceAll(/:(-?[\d.]+)(?=[,}])/g, ':"$1"')) as RoyaltyView[];
}

const columns: Record<Exclude<RoyaltyGroup, 'saletype'>, string> = {
  month: 'Sales Month',
  dsp: 'Platform',
  country: 'Country Code',
  artist: 'Artist',
  product: 'UPC',
  asset: 'ISRC',
};
const usageTypes: Record<string, string> = { Streaming: 'stream', Download: 'download', CD: 'physical' };

/** What `/royalty` must say, from the lines of full report files. */
function expectedRows(lines: Record<string, string>[], group: RoyaltyGroup): RoyaltyView[] {
  const usageOf = (line: Record<string, string>) => usageTypes[line['Sales Type']!]!;
  const keyOf = (line: Record<string, string>) => (group === 'saletype' ? usageOf(line) : line[columns[group]]!);
  const total = (members: Record<string, string>[], column: string, usage?: string) =>
    sumOf(members.filter((line) => !usage || usageOf(line) === usage).map((line) => line[column]!));
  return [...Map.groupBy(lines, keyOf)]
    .map(([key, members]) => ({
      key,
      currency: 'EUR',
      streams: total(members, 'Quantity', 'stream'),
      streamsRoyalty: total(members, 'Royalties', 'stream'),
      downloads: total(members, 'Quantity', 'download'),
      downloadsRoyalty: total(members, 'Royalties', 'download'),
      royalty: total(members, 'Royalties'),
    }))
    .sort((a, b) => Number(scaled(b.royalty) - scaled(a.royalty)) || (a.key < b.key ? -1 : 1));
}

/** The lines of all full files of a user. */
async function fullLines(api: Api): Promise<Record<string, string>[]> {
  const { data } = await userReportCurrent({
    client: api.client,
    query: { distributor: 'KONTOR' },
    throwOnError: true,
  });
  const files = await Promise.all(data.map(({ id }) => fileTexts(api, id)));
  return files.flatMap(({ full }) => csvRows(full));
}

describe('the royalties by group', () => {
  it('are to the last digit what the full files say, of one user and of all', async () => {
    await upload(manyLines(300));
    await upload(manyLines(70));
    await jobsEnded(database, tenant.id);
    const [mine, theirs] = [await fullLines(tenant.member), await fullLines(other.api)];
    expect(mine.length).toBeGreaterThan(1_000);
    for (const group of royaltyGroups) {
      const expected = expectedRows(mine, group);
      expect(await rowsOf(tenant.member, `groupBy=${group}`)).toEqual(expected);
      expect(await rowsOf(tenant.admin, `groupBy=${group}&userId=${tenant.memberId}`)).toEqual(expected);
      expect(await rowsOf(other.api, `groupBy=${group}&userId=${other.id}`)).toEqual(expectedRows(theirs, group));
      expect(await rowsOf(tenant.admin, `groupBy=${group}`)).toEqual(expectedRows([...mine, ...theirs], group));
    }
    expect(await rowsOf(tenant.member, '')).toEqual(expectedRows(mine, 'month'));
  }, 120_000);

  it('keep the currencies apart', async () => {
    const believe =
      'Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;Release title;Track title;UPC;ISRC;Release Catalog nb;Streaming Subscription Type;Release type;Sales Type;Quantity;Client Payment Currency;Unit Price;Mechanical Fee;Gross Revenue;Client share rate;Net Revenue';
    const line =
      '2025/08/01;2025/07/01;Spotify;Germany;Polar Records;Ada;Snow;Snow;4260123459598;DEA622500001;;;Music Release;Stream;7;USD;0.1;0;0.3;1;0.3';
    await tenant.admin.uploaded('distributor=BELIEVE&reportingMonth=202508', `${believe}\n${line}\n`);
    const rows = await rowsOf(tenant.member, 'groupBy=dsp');
    expect(rows.filter(({ key }) => key === 'Spotify').map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
    expect(rows.find(({ currency }) => currency === 'USD')).toEqual({
      key: 'Spotify',
      currency: 'USD',
      streams: '7',
      streamsRoyalty: '0.0999999',
      downloads: '0',
      downloadsRoyalty: '0',
      royalty: '0.0999999',
    });
  }, 60_000);

  it('are typed in the client, with an ETag', async () => {
    const { data } = await royaltyList({
      client: tenant.member.client,
      query: { groupBy: 'saletype' },
      throwOnError: true,
    });
    expect(data.map(({ key }) => key).toSorted()).toEqual(['download', 'physical', 'stream', 'stream']);
    const { headers } = await tenant.member.get('/royalty?groupBy=asset');
    const again = await tenant.member.get('/royalty?groupBy=asset', { 'if-none-match': headers.get('etag')! });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  it('are a member’s own, and no other user’s or tenant’s', async () => {
    const statusOf = async (api: Api, query: string) => (await api.get(`/royalty?${query}`)).status;
    expect(await statusOf(tenant.member, `userId=${other.id}`)).toBe(404);
    expect(await statusOf(tenant.member, `userId=${randomUUID()}`)).toBe(404);
    expect(await statusOf(tenant.admin, `userId=${randomUUID()}`)).toBe(404);
    expect(await statusOf(stranger.admin, `userId=${tenant.memberId}`)).toBe(404);
    expect(await statusOf(stranger.member, `userId=${tenant.memberId}`)).toBe(404);
    expect(await rowsOf(stranger.admin, '')).toEqual([]);
    expect(await rowsOf(stranger.admin, `userId=${stranger.memberId}`)).toEqual([]);
    expect(await rowsOf(stranger.member, '')).toEqual([]);
    expect((await fetch(`${platform.url}/royalty`)).status).toBe(401);
  });

  it.each(['groupBy=label', 'groupBy=', 'userId=me', 'groupby=month'])('refuse %s', async (query) => {
    expect(await tenant.admin.get(`/royalty?${query}`)).toMatchObject({ status: 400 });
  });
});

describe('the files', () => {
  it('are the statements, by status', async () => {
    const { id } = await upload([{}]);
    await voiding(id);
    const { data } = await royaltyFiles({
      client: tenant.admin.client,
      query: { status: 'voided', size: 1 },
      throwOnError: true,
    });
    expect(data).toMatchObject({ page: 1, items: [{ id, status: 'voided', distributor: 'KONTOR' }] });
    expect(data.items[0]!.name).toBe(`KONTOR ${data.items[0]!.reportingMonth}`);
    const idsAt = async (path: string) =>
      ((await tenant.admin.get(path)).json as { items: StatementView[] }).items.map((file) => [
        file.id,
        file.royalties,
      ]);
    expect(await idsAt('/file?status=completed&size=100')).toEqual(
      await idsAt('/royalties/statements?state=completed&size=100'),
    );
    expect((await tenant.admin.get('/file')).json).toMatchObject({
      total: ((await tenant.admin.get('/royalties/statements')).json as { total: number }).total,
    });
  });

  it('of an unknown status are refused, naming those there are', async () => {
    const { status, text } = await tenant.admin.get('/file?status=done');
    expect(status).toBe(400);
    for (const state of statementStates) expect(text).toContain(state);
  });

  it('are for admins, each of their own tenant', async () => {
    expect(await tenant.member.get('/file')).toMatchObject({ status: 403 });
    expect((await stranger.admin.get('/file')).json).toMatchObject({ items: [], total: 0 });
  });
});
