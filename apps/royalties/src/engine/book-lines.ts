import { join } from 'node:path';
import { amountText, type Database, type EngineLimits, type Row, withDuckDb } from '@countinghouse/duckdb';
import { createLinesFile, openLinesFile } from './lines-file.js';

/** One thing that a contract owns. No two terms may own the same thing in the same month. */
export interface ContractTerm {
  contractId: number;
  scope: 'track' | 'release' | 'label';
  /** As `matchingKeys` makes it. */
  key: string;
  /** UUID of the user. */
  owner: string;
  /** Percent of net, with up to 4 decimals. */
  sharePercent: string;
  /** First sales month, YYYYMM; null for all that went before. */
  from: string | null;
  /** First sales month that is no longer covered, YYYYMM; null for all that come. */
  until: string | null;
}

export interface BookingRequest {
  /** A lines file: of a statement's read lines, or of lines still in suspense. It stays as it is. */
  linesPath: string;
  terms: readonly ContractTerm[];
  /** A folder for the results and for what is needed in between. */
  workDir: string;
  limits?: EngineLimits;
}

/** What an owner has of the accepted lines; amounts exact, as decimal strings. */
export interface OwnerTotal {
  owner: string;
  lines: number;
  quantity: string;
  net: string;
  royalties: string;
}

/** What nobody owns of a label; its name as in the statement. */
export interface LabelTotal {
  label: string;
  lines: number;
  net: string;
}

export interface BookedLines {
  /** Lines file of those that have an owner, with contract, share and royalty. */
  acceptedPath: string;
  accepted: { lines: number; net: string; royalties: string; owners: OwnerTotal[] };
  /** Lines file of those that have none, to be booked again when contracts change. */
  suspensePath: string;
  /** Labels in the order of net, largest first, ties by name. */
  suspense: { lines: number; net: string; labels: LabelTotal[] };
}

/**
 * Gives each line the owner that it has by the contracts valid in its sales month: the track's, else the release's, else
 * the label's. Its royalty is net × share / 100, rounded to 10 decimals, half away from zero; nothing else is rounded.
 */
export async function bookLines({ linesPath, terms, workDir, limits = {} }: BookingRequest): Promise<BookedLines> {
  return withDuckDb(workDir, limits, async (database) => {
    await openLinesFile(database, linesPath, 'source');
    await matchItems(database, terms);
    const acceptedPath = join(workDir, 'accepted.duckdb');
    const suspensePath = join(workDir, 'suspense.duckdb');
    const accepted = await createLinesFile(database, acceptedPath, (file) => writeAccepted(database, file));
    const suspense = await createLinesFile(database, suspensePath, (file) => writeSuspense(database, file));
    return { acceptedPath, accepted, suspensePath, suspense };
  });
}

/** Tables `owners`, and `owned`: for each item and sales month that somebody owns, who does, by which contract. */
async function matchItems(database: Database, terms: readonly ContractTerm[]): Promise<void> {
  await database.run(`
    CREATE TABLE termTexts (
      contract VARCHAR, scope VARCHAR, key VARCHAR, owner VARCHAR, share VARCHAR, fromMonth VARCHAR, untilMonth VARCHAR
    )`);
  await database.append(
    'termTexts',
    terms.map(({ contractId, scope, key, owner, sharePercent, from, until }) => [
      `${contractId}`,
      scope,
      key,
      owner,
      sharePercent,
      from ?? '000000',
      until ?? '999999',
    ]),
  );
  const matches = (scope: ContractTerm['scope'], rank: number, key: string) => `
    SELECT item, salesMonth, ${rank} AS rank, contract, owner, sharePercent
    FROM source.items
    JOIN terms ON scope = '${scope}' AND key = ${key}
    JOIN months ON salesMonth >= fromMonth AND salesMonth < untilMonth`;
  await database.run(`
    CREATE TABLE owners AS
      SELECT CAST(row_number() OVER (ORDER BY userId) AS INTEGER) AS owner, userId
      FROM (SELECT DISTINCT CAST(owner AS UUID) AS userId FROM termTexts);
    CREATE TABLE owned AS
    WITH terms AS (
      SELECT CAST(contract AS BIGINT) AS contract, scope, key, owners.owner,
        CAST(share AS DECIMAL(7, 4)) AS sharePercent, fromMonth, untilMonth
      FROM termTexts JOIN owners ON userId = CAST(termTexts.owner AS UUID)
      WHERE key <> ''
    ),
    months AS (SELECT DISTINCT salesMonth FROM source.sales),
    matches AS (
      ${matches('track', 1, "ltrim(isrc, '0')")}
      UNION ALL ${matches('release', 2, "ltrim(upc, '0')")}
      UNION ALL ${matches('label', 3, 'labelKey')}
    )
    SELECT * EXCLUDE (rank)
    FROM matches
    QUALIFY row_number() OVER (PARTITION BY item, salesMonth ORDER BY rank, contract) = 1`);
}

async function writeAccepted(database: Database, file: string): Promise<BookedLines['accepted']> {
  await database.run(`
    CREATE TABLE ${file}.lines AS
      SELECT owner, line, item, sale, quantity, net, contract, sharePercent,
        ${await royalty(database)} AS royalty
      FROM source.lines JOIN source.sales USING (sale) JOIN owned USING (item, salesMonth)
      ORDER BY owner, line`);
  await copyUsed(database, file);
  await database.run(`
    CREATE TABLE ${file}.owners AS SELECT * FROM owners SEMI JOIN ${file}.lines USING (owner) ORDER BY owner`);
  const owners = await database.rows<OwnerTotal & Row>(`
    SELECT CAST(userId AS VARCHAR) AS owner, CAST(count(*) AS DOUBLE) AS lines,
      CAST(sum(quantity) AS VARCHAR) AS quantity, ${amountText('sum(net)')} AS net,
      ${amountText('sum(royalty)')} AS royalties
    FROM ${file}.lines JOIN ${file}.owners USING (owner)
    GROUP BY userId ORDER BY userId`);
  const totals = await database.row<{ lines: number; net: string; royalties: string }>(`
    SELECT CAST(count(*) AS DOUBLE) AS lines, ${amountText('sum(net)')} AS net,
      ${amountText('sum(royalty)')} AS royalties
    FROM ${file}.lines`);
  return { ...totals, owners };
}

/**
 * SQL of a line's royalty. Exact in both ways: a product of two narrow decimals stays narrow in DuckDB and overflows, so
 * that larger amounts need a wide factor, which is a hundred times slower.
 */
async function royalty(database: Database): Promise<string> {
  const { largest, scale, isNarrow } = await database.row<{ largest: number; scale: number; isNarrow: number }>(`
    SELECT (SELECT CAST(coalesce(max(abs(net)), 0) AS DOUBLE) FROM source.lines) AS largest,
      CAST(numeric_scale AS DOUBLE) AS scale, CAST(numeric_precision <= 18 AS DOUBLE) AS isNarrow
    FROM duckdb_columns()
    WHERE database_name = 'source' AND table_name = 'lines' AND column_name = 'net'`);
  const type = largest < 99_999_999 ? 'DECIMAL(18, 10)' : 'DECIMAL(38, 10)';
  const rounded = (factor: string) => `CAST(round(net * CAST(sharePercent * 0.01 AS ${factor}), 10) AS ${type})`;
  const wide = rounded('DECIMAL(38, 6)');
  // 18 digits hold the product of a net amount of this many decimals and a factor of six.
  return isNarrow && scale <= 12 ? `if(abs(net) < ${10 ** (12 - scale)}, ${rounded('DECIMAL(9, 6)')}, ${wide})` : wide;
}

async function writeSuspense(database: Database, file: string): Promise<BookedLines['suspense']> {
  await database.run(`
    CREATE TABLE ${file}.lines AS
      SELECT lines.*
      FROM source.lines AS lines JOIN source.sales USING (sale) ANTI JOIN owned USING (item, salesMonth)`);
  await copyUsed(database, file);
  const labels = await database.rows<LabelTotal & Row>(`
    SELECT label, CAST(count(*) AS DOUBLE) AS lines, ${amountText('sum(net)')} AS net
    FROM ${file}.lines JOIN ${file}.items USING (item)
    GROUP BY label
    ORDER BY sum(net) DESC, label`);
  const totals = await database.row<{ lines: number; net: string }>(`
    SELECT CAST(count(*) AS DOUBLE) AS lines, ${amountText('sum(net)')} AS net FROM ${file}.lines`);
  return { ...totals, labels };
}

/** A file holds the items and sales of its own lines, and no others. */
const copyUsed = (database: Database, file: string): Promise<void> =>
  database.run(`
    CREATE TABLE ${file}.items AS SELECT * FROM source.items SEMI JOIN ${file}.lines USING (item) ORDER BY item;
    CREATE TABLE ${file}.sales AS SELECT * FROM source.sales SEMI JOIN ${file}.lines USING (sale) ORDER BY sale`);
