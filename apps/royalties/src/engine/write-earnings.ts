import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { earningsFileColumns } from '@countinghouse/contracts';
import { amountText, type Database, type EngineLimits, literal, withDuckDb } from '@countinghouse/duckdb';
import type { BookedLines, OwnerTotal } from './book-lines.js';
import { type RoyaltyTotals, royaltyTotals } from './royalty-totals.js';
import { openLinesFile } from './lines-file.js';

export interface EarningsRequest {
  /** What was booked; there is at least one line. */
  booked: Pick<BookedLines, 'acceptedPath' | 'accepted'>;
  /** A folder for the result and for what is needed in between. */
  workDir: string;
  limits?: EngineLimits;
}

export interface WrittenEarnings {
  /** The earnings file: see `earningsFileColumns`. */
  path: string;
  /** Of the file; lower-case hex. */
  sha256: string;
  rows: number;
  /** Exact sum of the rows, a decimal string. */
  amount: string;
  /** What the file comes to by months, stores and so on: of each owner, and of all together. */
  totals: RoyaltyTotals;
}

/** As many as let the rows of one owner among hundreds be read without most of the others, and still compress well. */
const rowGroupSize = 20_480;

/**
 * Writes what was booked as an earnings file. The same lines give the same bytes. Throws when the file, read again, does
 * not have what was booked, to the last digit and owner by owner.
 */
export async function writeEarnings({ booked, workDir, limits = {} }: EarningsRequest): Promise<WrittenEarnings> {
  const path = join(workDir, 'earnings.parquet');
  // Several threads would write the same rows as different bytes.
  return withDuckDb(workDir, { ...limits, threads: 1 }, async (database) => {
    await openLinesFile(database, booked.acceptedPath, 'booked');
    await sumLines(database);
    await writeFile(database, path);
    const rows = await requireBooked(database, path, booked.accepted.owners);
    const totals = await royaltyTotals(database);
    return { path, sha256: await sha256Of(path), rows, amount: booked.accepted.royalties, totals };
  });
}

const namesOf = {
  item: ['isrc', 'upc', 'artist', 'label'],
  sale: ['store', 'country', 'usageType', 'salesMonth'],
} as const;

/**
 * Table `earnings`: the file's rows in its order. Lines are summed by numbers, and names are numbers too, in the order of
 * the names: sorting texts takes several times as long and does not fit into memory.
 */
async function sumLines(database: Database): Promise<void> {
  for (const kind of ['item', 'sale'] as const) {
    for (const name of namesOf[kind]) {
      await database.run(`
        CREATE TYPE ${name}Name AS ENUM (SELECT DISTINCT ${name} FROM booked.${kind}s ORDER BY ${name})`);
    }
    const texts = namesOf[kind].join(', ');
    await database.run(`
      CREATE TABLE ${kind}Names AS
        SELECT ${kind}, min(${kind}) OVER (PARTITION BY ${texts}) AS same,
          CAST(dense_rank() OVER (ORDER BY ${texts}) AS INTEGER) AS place,
          ${namesOf[kind].map((name) => `CAST(${name} AS ${name}Name) AS ${name}`).join(', ')}
        FROM booked.${kind}s`);
  }
  // In two statements: summing up and sorting at once needs the memory of both. Owners are in the order of their ids.
  await database.run(`
    CREATE TABLE lineSums AS
      SELECT owner, itemNames.same AS item, saleNames.same AS sale,
        CAST(sum(quantity) AS DECIMAL(38, 0)) AS quantity, CAST(sum(royalty) AS DECIMAL(38, 10)) AS amount
      FROM booked.lines JOIN itemNames USING (item) JOIN saleNames USING (sale)
      GROUP BY ALL;
    CREATE TABLE earnings AS
    SELECT userId AS owner, ${[...namesOf.item, ...namesOf.sale].join(', ')}, quantity, amount
    FROM lineSums JOIN itemNames USING (item) JOIN saleNames USING (sale) JOIN booked.owners USING (owner)
    ORDER BY lineSums.owner, itemNames.place, saleNames.place;
    DROP TABLE lineSums`);
}

/** Nothing is joined here: what DuckDB promises of the order of rows holds for one table. */
async function writeFile(database: Database, path: string): Promise<void> {
  const { currency } = await database.row<{ currency: string }>(`SELECT min(currency) AS currency FROM booked.sales`);
  const values: Partial<Record<keyof typeof earningsFileColumns, string>> = {
    streams: `if(usageType = 'stream', quantity, 0)`,
    downloads: `if(usageType = 'download', quantity, 0)`,
    units: `if(usageType IN ('stream', 'download'), 0, quantity)`,
    currency: literal(currency),
  };
  const columns = Object.entries(earningsFileColumns).map(
    ([name, type]) => `CAST(${values[name as keyof typeof values] ?? name} AS ${type}) AS ${name}`,
  );
  await database.run(`
    COPY (SELECT ${columns.join(', ')} FROM earnings) TO ${literal(path)}
    (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${rowGroupSize})`);
}

/** Answers how many rows the file has. */
async function requireBooked(database: Database, path: string, booked: readonly OwnerTotal[]): Promise<number> {
  const owners = await database.rows<{ owner: string; rows: number; amount: string }>(`
    SELECT CAST(owner AS VARCHAR) AS owner, CAST(count(*) AS DOUBLE) AS rows, ${amountText('sum(amount)')} AS amount
    FROM read_parquet(${literal(path)})
    GROUP BY owner ORDER BY owner`);
  const differs = ({ owner, royalties }: OwnerTotal, at: number) =>
    owners[at]?.owner !== owner || owners[at].amount !== royalties;
  const wrong = booked.find(differs);
  if (wrong || owners.length !== booked.length) {
    throw new Error(`The earnings file does not come to what was booked${wrong ? ` for ${wrong.owner}` : ''}`);
  }
  return owners.reduce((sum, { rows }) => sum + rows, 0);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
