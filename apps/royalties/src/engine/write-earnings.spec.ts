import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { earningsFileColumns } from '@countinghouse/contracts';
import { describe, expect, it } from '@jest/globals';
import { matchingKeys } from '@countinghouse/catalogue';
import { type EngineLimits, literal, type Row, withDuckDb } from '@countinghouse/duckdb';
import { engineInFolder } from '../../test/engine.js';
import { kontorFile, type KontorLine } from '../../test/kontor-file.js';
import { bookLines, type BookedLines } from './book-lines.js';
import { writeEarnings } from './write-earnings.js';

const { read, newFolder } = engineInFolder();

const user = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const byLabel = (label: string, owner: number, sharePercent = '100') => ({
  contractId: owner,
  scope: 'label' as const,
  key: matchingKeys('label', [label])[0]!,
  owner: user(owner),
  sharePercent,
  from: null,
  until: null,
});
/** The owner with the larger id has the label that comes first. */
const terms = [byLabel('Aurora', 2), byLabel('Polar', 1)];

/** Lines with their channel types. */
async function book(lines: (KontorLine & { type?: string })[]): Promise<BookedLines> {
  const [header, ...texts] = kontorFile(lines.map((line) => ({ label: 'Polar', ...line }))).split('\r\n');
  const typed = texts.map((text, at) => text.replace(';Streaming;', `;${lines[at]?.type ?? 'Streaming'};`));
  const { linesPath } = await read([header, ...typed].join('\r\n'), { decimal: 'comma' });
  return bookLines({ linesPath, terms, workDir: await newFolder() });
}

const write = async (booked: BookedLines, limits: EngineLimits = {}) =>
  writeEarnings({ booked, workDir: await newFolder(), limits });

const query = async <T extends Row>(sql: string): Promise<T[]> =>
  withDuckDb(await newFolder(), {}, (database) => database.rows<T>(sql));

const rowsOf = (path: string) => query(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(${literal(path)})`);

/** A value for each of two kinds of everything that tells rows apart. */
const keys: (KontorLine & { type?: string })[] = [
  { label: 'Aurora' },
  { isrc: 'DEA622500002' },
  { ean: '4006381333931' },
  { artist: 'Ådel' },
  { store: 'Deezer' },
  { country: 'FR' },
  { type: 'Download' },
  { period: '202506' },
];

describe('an earnings file', () => {
  it('has the columns that the contract names', async () => {
    const { path } = await write(await book([{}]));
    const columns = await query<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM read_parquet(${literal(path)})`,
    );
    expect(columns.map((column) => [column.column_name, column.column_type])).toEqual(
      Object.entries(earningsFileColumns),
    );
    expect(await rowsOf(path)).toEqual([
      {
        owner: user(1),
        isrc: 'DEA622500001',
        upc: '4260123459598',
        artist: 'Ada',
        label: 'Polar',
        store: 'Spotify',
        country: 'DE',
        usageType: 'stream',
        salesMonth: '202507',
        streams: '3',
        downloads: '0',
        units: '0',
        amount: '0.0123456789',
        currency: 'EUR',
      },
    ]);
  });

  it('sums up the lines that are alike in all that tells rows apart, and no others', async () => {
    const differing = keys.flatMap((key) => [
      { ...key, royalties: '1', units: '2' },
      { ...key, royalties: '-0,25', units: '5', title: 'Another title' },
    ]);
    const { path, rows, amount } = await write(await book([{ royalties: '7', units: '1' }, ...differing]));
    const written = await rowsOf(path);
    expect([rows, written.length, amount]).toEqual([9, 9, '13']);
    expect(written.map((row) => row['amount'])).toEqual(
      expect.arrayContaining(['7.0000000000', ...keys.map(() => '0.7500000000')]),
    );
  });

  it('is in the order of owner and everything else, texts by code points', async () => {
    const { path } = await write(await book([...keys, { artist: 'ada' }, { artist: '' }, { isrc: '', ean: '' }]));
    const written = await rowsOf(path);
    const key = (row: Row) => Object.values(row).slice(0, 9).join('\0');
    expect(written.map(key)).toEqual(written.map(key).toSorted());
    expect(written.map((row) => row['artist'])).toEqual(expect.arrayContaining(['', 'Ada', 'ada', 'Ådel']));
    expect(written.at(-1)).toMatchObject({ owner: user(2) });
  });

  it('puts a quantity where its usage type says', async () => {
    const types = ['Streaming', 'Download', 'Vinyl', 'Something'].map((type) => ({ type, units: '9' }));
    const { path } = await write(await book(types));
    expect(await rowsOf(path)).toMatchObject([
      { usageType: 'download', streams: '0', downloads: '9', units: '0' },
      { usageType: 'other', streams: '0', downloads: '0', units: '9' },
      { usageType: 'physical', streams: '0', downloads: '0', units: '9' },
      { usageType: 'stream', streams: '9', downloads: '0', units: '0' },
    ]);
  });

  it('holds the largest amounts and quantities that lines can have, many times', async () => {
    const largest = { royalties: '999999999999999,9999999999', units: '999999999999999' };
    const { path, amount } = await write(await book(Array.from({ length: 10_000 }, () => largest)));
    expect(amount).toBe('9999999999999999999.999999');
    expect(await rowsOf(path)).toMatchObject([
      { streams: '9999999999999990000', amount: '9999999999999999999.9999990000' },
    ]);
  });

  it('is the same bytes for the same lines, whatever the machine lends, and lets an owner’s rows be found', async () => {
    const many = Array.from({ length: 45_000 }, (_, at) => ({
      label: at % 9 === 0 ? 'Aurora' : 'Polar',
      isrc: `DEA62${String((at * 7919) % 45_000).padStart(7, '0')}`,
    }));
    const booked = await book(many);
    const first = await write(booked, { threads: 1 });
    const second = await write(booked, { threads: 4, memoryMiB: 128 });
    expect(second.sha256).toBe(first.sha256);
    expect(await readFile(second.path)).toEqual(await readFile(first.path));
    expect(first.sha256).toBe(
      createHash('sha256')
        .update(await readFile(first.path))
        .digest('hex'),
    );
    const groups = await query(`
      SELECT stats_min_value AS least, stats_max_value AS most FROM parquet_metadata(${literal(first.path)})
      WHERE path_in_schema = 'owner' ORDER BY row_group_id`);
    expect(groups).toEqual([
      { least: user(1), most: user(1) },
      { least: user(1), most: user(2) },
      { least: user(2), most: user(2) },
    ]);
  }, 60_000);

  it('is not written for anything else than what was booked', async () => {
    const booked = await book([{ royalties: '1' }, { label: 'Aurora', royalties: '2' }]);
    const [polar, aurora] = booked.accepted.owners;
    const claims = [
      [polar!, { ...aurora!, royalties: '2.0000000001' }],
      [polar!],
      [polar!, aurora!, { ...aurora!, owner: user(3) }],
    ];
    for (const owners of claims) {
      const claimed = { ...booked, accepted: { ...booked.accepted, owners } };
      await expect(write(claimed)).rejects.toThrow('does not come to what was booked');
    }
  });
});

describe('the totals', () => {
  it('say what each owner and everybody earned by each group, as PostgreSQL writes arrays', async () => {
    const { totals } = await write(
      await book([
        { royalties: '1,5', units: '3', artist: 'Ada "A" \\ {B}, NULL' },
        { royalties: '-0,25', units: '-1', type: 'Download', artist: 'NULL' },
        { royalties: '0,0000000001', units: '4', type: 'CD', artist: '' },
        { royalties: '2', units: '5', label: 'Aurora', artist: 'NULL' },
      ]),
    );
    const texts = Object.values(totals).map((text) => text!.toString().slice(1, -1));
    const [owners, groups, , streams, , downloads, downloadsRoyalties, royalties] = texts.map((text) =>
      text.split(','),
    );
    const of = (owner: string, group: string) => (_: unknown, at: number) =>
      owners![at] === owner && groups![at] === group;
    const sale = (owner: string) => royalties!.filter(of(owner, 'saletype'));
    expect(sale(user(1))).toEqual(['-0.2500000000', '0.0000000001', '1.5000000000']);
    expect(sale(user(2))).toEqual(['2.0000000000']);
    expect(sale('NULL')).toEqual(['-0.2500000000', '0.0000000001', '3.5000000000']);
    expect(streams!.filter(of('NULL', 'month'))).toEqual(['8']);
    expect(downloads!.filter(of('NULL', 'month'))).toEqual(['-1']);
    expect(downloadsRoyalties!.filter(of(user(1), 'month'))).toEqual(['-0.2500000000']);
    expect(totals.keys).toContain('"","Ada \\"A\\" \\\\ {B}, NULL","NULL"');
  });
});
