import { comparePrecedence, type ScopeKey, scopeKeys, type SplitRule } from '../domain/split.js';
import { codeKey, labelKey } from '@countinghouse/catalogue';
import { type Database, type EngineLimits, literal, withDuckDb } from '@countinghouse/duckdb';

export interface SplitWithShares extends SplitRule {
  shares: readonly { userId: string; share: string }[];
}

/** An earnings file, and what its rows count as. */
export interface EarningsPart {
  path: string;
  /** Parts of one group are added up; amounts of different groups never are. */
  group: number;
  sign: 1 | -1;
}

export interface EvaluationRequest {
  parts: readonly EarningsPart[];
  splits: readonly SplitWithShares[];
  workDir: string;
  limits?: EngineLimits;
}

export const dimensions = ['all', 'month', 'dsp', 'territory'] as const;
export type Dimension = (typeof dimensions)[number];

/** What a user gets; quantities are of whole rows, royalties the user's share. Decimals as exact strings. */
export interface Credit {
  userId: string;
  group: number;
  dimension: Dimension;
  /** Sales month `YYYY-MM`, store, or country; empty for `all`. */
  key: string;
  streams: string;
  streamsRoyalty: string;
  downloads: string;
  downloadsRoyalty: string;
  royalty: string;
}

/** What everybody gets, in the order of the users; read in batches, since it can be much. */
export interface Evaluation {
  /** One credit for each user and group: dimension `all`. */
  totals: () => AsyncGenerator<Credit[]>;
  /** All dimensions. */
  credits: () => AsyncGenerator<Credit[]>;
}

/**
 * Gives every row of the earnings to the users of the split that decides over it, or whole to its owner where none does.
 * Nothing is rounded: what all users get is what was earned.
 */
export function evaluateSplits<T>(
  { parts, splits, workDir, limits = {} }: EvaluationRequest,
  read: (evaluation: Evaluation) => Promise<T>,
): Promise<T> {
  return withDuckDb(workDir, limits, async (database) => {
    await loadRows(database, parts);
    await loadKeys(database);
    await loadSplits(database, splits);
    await decide(database, splits);
    await credit(database);
    return read({ totals: () => credits(database, 'kind = 7'), credits: () => credits(database, 'true') });
  });
}

const noRows = `
  SELECT CAST(NULL AS UUID) AS owner, '' AS isrc, '' AS upc, '' AS artist, '' AS label, '' AS store, '' AS country,
    '' AS usageType, '' AS salesMonth, CAST(0 AS DECIMAL(38, 0)) AS streams, CAST(0 AS DECIMAL(38, 0)) AS downloads,
    CAST(0 AS DECIMAL(38, 10)) AS amount, 0 AS part, 1 AS sign
  WHERE false`;

/** Tables `rows`, and what they are of: `items`, and where they arose: `spots`. */
async function loadRows(database: Database, parts: readonly EarningsPart[]): Promise<void> {
  const files = parts.map(
    ({ path, group, sign }) => `SELECT *, ${group} AS part, ${sign} AS sign FROM read_parquet(${literal(path)})`,
  );
  await database.run(`
    CREATE VIEW earnings AS ${[noRows, ...files].join(' UNION ALL BY NAME ')};
    CREATE TABLE items AS
      SELECT CAST(row_number() OVER () AS INTEGER) AS item, *
      FROM (SELECT DISTINCT isrc, upc, artist, label FROM earnings);
    CREATE TABLE spots AS
      SELECT CAST(row_number() OVER () AS INTEGER) AS spot, *
      FROM (SELECT DISTINCT store, country, usageType FROM earnings);
    CREATE TABLE rows AS
      SELECT owner, item, spot, salesMonth, part, streams * sign AS streams, downloads * sign AS downloads,
        amount * sign AS amount
      FROM earnings JOIN items USING (isrc, upc, artist, label) JOIN spots USING (store, country, usageType)`);
}

const readings: readonly { table: string; column: string; read: (text: string) => string }[] = [
  { table: 'items', column: 'isrc', read: codeKey },
  { table: 'items', column: 'upc', read: codeKey },
  { table: 'items', column: 'artist', read: labelKey },
  { table: 'items', column: 'label', read: labelKey },
  { table: 'spots', column: 'store', read: labelKey },
];

/** Columns such as `isrcKey`: the texts as they are compared. */
async function loadKeys(database: Database): Promise<void> {
  for (const { table, column, read } of readings) {
    await database.run(`CREATE TABLE ${column}Texts (text VARCHAR, key VARCHAR)`);
    for await (const batch of database.batches<[string]>(`SELECT DISTINCT ${column} FROM ${table}`)) {
      await database.append(
        `${column}Texts`,
        batch.map(([text]) => [text, read(text)]),
      );
    }
    await database.run(`
      CREATE OR REPLACE TABLE ${table} AS
        SELECT ${table}.*, key AS ${column}Key FROM ${table} JOIN ${column}Texts ON text = ${column}`);
  }
}

/** Tables `splits`, the one that decides first with the highest rank, `shares` and `conditionSets`. */
async function loadSplits(database: Database, splits: readonly SplitWithShares[]): Promise<void> {
  const ordered = splits.toSorted((a, b) => comparePrecedence(b, a));
  const conditionSets = [...new Set(splits.map(conditionText))];
  await database.run(`
    CREATE TABLE splitTexts (
      split VARCHAR, rank VARCHAR, isrcKey VARCHAR, upcKey VARCHAR, artistKey VARCHAR, labelKey VARCHAR,
      startDate VARCHAR, endDate VARCHAR, conditionSet VARCHAR
    );
    CREATE TABLE shareTexts (split VARCHAR, userId VARCHAR, share VARCHAR);
    CREATE TABLE conditionTexts (conditionSet VARCHAR, conditions VARCHAR)`);
  await database.append(
    'splitTexts',
    ordered.map((split, rank) => [
      `${split.id}`,
      `${rank}`,
      ...scopeKeys.map((key) => split.scope[key] ?? null),
      split.startDate ?? '0000-00-00',
      split.endDate ?? '9999-99-99',
      split.conditions.length === 0 ? null : `${conditionSets.indexOf(conditionText(split))}`,
    ]),
  );
  await database.append(
    'shareTexts',
    splits.flatMap(({ id, shares }) => shares.map(({ userId, share }) => [`${id}`, userId, share])),
  );
  await database.append(
    'conditionTexts',
    conditionSets.map((text, number) => [`${number}`, text]),
  );
  await database.run(`
    CREATE TABLE splits AS
      SELECT * REPLACE (CAST(split AS BIGINT) AS split, CAST(rank AS INTEGER) AS rank,
        CAST(conditionSet AS INTEGER) AS conditionSet)
      FROM splitTexts;
    CREATE TABLE shares AS
      SELECT CAST(split AS BIGINT) AS split, CAST(userId AS UUID) AS userId,
        CAST(CAST(share AS DECIMAL(7, 4)) * 0.01 AS DECIMAL(7, 6)) AS factor
      FROM shareTexts;
    CREATE TABLE conditionSets AS
      SELECT CAST(conditionSet AS INTEGER) AS conditionSet, from_json(conditions, '${conditionType}') AS conditions
      FROM conditionTexts`);
}

const conditionText = ({ conditions }: SplitWithShares): string => JSON.stringify(conditions);
const conditionType = '[{"mode":"VARCHAR","territories":["VARCHAR"],"dsps":["VARCHAR"],"usageTypes":["VARCHAR"]}]';

/** Table `winners`: the split that decides, for each item, spot and month where one does. */
async function decide(database: Database, splits: readonly SplitWithShares[]): Promise<void> {
  const scopes = new Set(splits.map(({ scope }) => scopeKeys.filter((key) => scope[key] !== undefined).join()));
  const candidates = [...scopes].map((scope) => {
    const given = scope.split(',') as ScopeKey[];
    const conditions = scopeKeys.map((key) =>
      given.includes(key) ? `items.${key}Key = splits.${key}Key` : `splits.${key}Key IS NULL`,
    );
    return `SELECT items.item, splits.* FROM items JOIN splits ON ${conditions.join(' AND ')}`;
  });
  await database.run(`
    CREATE TABLE candidates AS ${['SELECT 0 AS item, * FROM splits WHERE false', ...candidates].join(' UNION ALL ')};
    CREATE TABLE allowed AS
      SELECT conditionSet, spot
      FROM conditionSets, spots
      WHERE len(list_filter(conditions, lambda condition:
        ((condition.territories IS NULL OR list_contains(condition.territories, country))
          AND (condition.dsps IS NULL OR list_contains(condition.dsps, storeKey))
          AND (condition.usageTypes IS NULL OR list_contains(condition.usageTypes, usageType)))
        <> (condition.mode = 'include'))) = 0;
    CREATE TABLE months AS
      SELECT salesMonth, salesMonth[1:4] || '-' || salesMonth[5:6] || '-01' AS day
      FROM (SELECT DISTINCT salesMonth FROM rows);
    CREATE TABLE winners AS
      SELECT item, spot, salesMonth, arg_max(split, rank) AS split
      FROM (SELECT DISTINCT item, spot, salesMonth FROM rows SEMI JOIN candidates USING (item))
      JOIN months USING (salesMonth)
      JOIN candidates USING (item)
      LEFT JOIN allowed USING (conditionSet, spot)
      WHERE day >= startDate AND day < endDate AND (conditionSet IS NULL OR allowed.spot IS NOT NULL)
      GROUP BY item, spot, salesMonth`);
}

/** Table `credits`. A share has six decimals as a factor, so that its product with an amount has sixteen, exactly. */
async function credit(database: Database): Promise<void> {
  const shared = (amount: string) => `sum(CAST(${amount} AS DECIMAL(31, 10)) * factor) AS ${amount}`;
  await database.run(`
    CREATE TABLE decided AS
      SELECT split, if(split IS NULL, owner, NULL) AS owner, part, grouping(salesMonth, store, country) AS kind,
        salesMonth, store, country,
        sum(streams) AS streams, sum(downloads) AS downloads, sum(amount) AS royalty,
        coalesce(sum(amount) FILTER (usageType = 'stream'), 0) AS streamsRoyalty,
        coalesce(sum(amount) FILTER (usageType = 'download'), 0) AS downloadsRoyalty
      FROM rows LEFT JOIN winners USING (item, spot, salesMonth) JOIN spots USING (spot)
      GROUP BY GROUPING SETS ((split, 2, part), (split, 2, part, salesMonth), (split, 2, part, store), (split, 2, part, country));
    CREATE TABLE credits AS
      SELECT userId, part, kind,
        CASE kind WHEN 7 THEN '' WHEN 3 THEN salesMonth[1:4] || '-' || salesMonth[5:6] WHEN 5 THEN store ELSE country END AS key,
        sum(streams) AS streams, ${shared('streamsRoyalty')}, sum(downloads) AS downloads,
        ${shared('downloadsRoyalty')}, ${shared('royalty')}
      FROM (
        SELECT decided.*, userId, factor FROM decided JOIN shares USING (split)
        UNION ALL BY NAME
        SELECT *, owner AS userId, CAST(1 AS DECIMAL(7, 6)) AS factor FROM decided WHERE split IS NULL
      )
      GROUP BY ALL`);
}

const kinds: Readonly<Record<number, Dimension>> = { 7: 'all', 3: 'month', 5: 'dsp', 6: 'territory' };

async function* credits(database: Database, which: string): AsyncGenerator<Credit[]> {
  const batches = database.batches<[string, number, number, ...string[]]>(`
    SELECT CAST(userId AS VARCHAR), part, CAST(kind AS INTEGER), key, CAST(streams AS VARCHAR),
      CAST(streamsRoyalty AS VARCHAR), CAST(downloads AS VARCHAR), CAST(downloadsRoyalty AS VARCHAR),
      CAST(royalty AS VARCHAR)
    FROM credits
    WHERE ${which}
    ORDER BY userId, part, kind DESC, key`);
  for await (const batch of batches) {
    yield batch.map(([userId, group, kind, key, streams, streamsRoyalty, downloads, downloadsRoyalty, royalty]) => ({
      userId,
      group,
      dimension: kinds[kind]!,
      key: key!,
      streams: streams!,
      streamsRoyalty: streamsRoyalty!,
      downloads: downloads!,
      downloadsRoyalty: downloadsRoyalty!,
      royalty: royalty!,
    }));
  }
}
