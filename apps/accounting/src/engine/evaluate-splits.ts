import { isDeepStrictEqual } from 'node:util';
import { type Database, type EngineLimits, literal, withDuckDb } from '@countinghouse/duckdb';
import { scopeKeys, type SplitRule, type SplitWithShares } from '../domain/split.js';
import { decide, fits, loadSplits, shapesOf } from './decide-splits.js';

/** Earnings in the form of `writeEarningsRows`, and what their rows count as. */
export interface EarningsPart {
  path: string;
  /** Parts of one group are added up; amounts of different groups never are. */
  group: number;
  sign: 1 | -1;
}

export interface EvaluationRequest {
  parts: readonly EarningsPart[];
  splits: readonly SplitWithShares[];
  /** Splits that decided so far: what is answered then is by how much everybody's credits change. */
  before?: readonly SplitWithShares[];
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

/** What everybody gets, in the order of the users; read in batches, since it can be much. What is nothing is left out. */
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
  { parts, splits, before, workDir, limits = {} }: EvaluationRequest,
  read: (evaluation: Evaluation) => Promise<T>,
): Promise<T> {
  return withDuckDb(workDir, limits, async (database) => {
    await openParts(database, parts);
    await database.run(noCredits);
    const change = before && changedBetween(before, splits);
    await chooseItems(database, change);
    const sides = change ? [change.after, change.before] : [splits];
    for (const [side, rules] of sides.entries()) {
      await loadSplits(database, rules);
      await decide(database, rules);
      await credit(database, side === 0 ? 1 : -1);
    }
    await sumCredits(database);
    return read({ totals: () => credits(database, 'kind = 0'), credits: () => credits(database, 'true') });
  });
}

type Change = { [side in 'before' | 'after']: SplitWithShares[] } & { scopes: SplitRule['scope'][] };

/** The scopes of splits that are not the same on both sides, and the splits of each side that could decide there. */
function changedBetween(before: readonly SplitWithShares[], after: readonly SplitWithShares[]): Change {
  const known = new Map(before.map((split) => [split.id, split]));
  const added = after.filter((split) => !isDeepStrictEqual(split, known.get(split.id)));
  const kept = new Map(after.map((split) => [split.id, split]));
  const removed = before.filter((split) => !isDeepStrictEqual(split, kept.get(split.id)));
  return { before: [...before], after: [...after], scopes: [...removed, ...added].map(({ scope }) => scope) };
}

/** Views of all parts together; `part` and a number of a part's own name a thing. */
async function openParts(database: Database, parts: readonly EarningsPart[]): Promise<void> {
  for (const [part, { path }] of parts.entries()) {
    await database.run(`ATTACH ${literal(path)} AS part${part} (READ_ONLY)`);
  }
  for (const [table, nothing] of Object.entries(emptyTables)) {
    const all = parts.map((_, part) => `SELECT CAST(${part} AS SMALLINT) AS part, * FROM part${part}.${table}`);
    await database.run(`CREATE VIEW ${table} AS ${all.length > 0 ? all.join(' UNION ALL ') : nothing}`);
  }
  await database.run('CREATE TABLE parts (part VARCHAR, amountGroup VARCHAR, sign VARCHAR)');
  await database.append(
    'parts',
    parts.map(({ group, sign }, part) => [`${part}`, `${group}`, `${sign}`]),
  );
  await database.run(`
    CREATE OR REPLACE TABLE parts AS
      SELECT CAST(part AS SMALLINT) AS part, CAST(amountGroup AS INTEGER) AS amountGroup, CAST(sign AS TINYINT) AS sign
      FROM parts`);
}

const none = (columns: Record<string, string>): string => {
  const nothing = Object.entries({ part: 'SMALLINT', ...columns }).map(([name, type]) => `NULL::${type} AS ${name}`);
  return `SELECT ${nothing.join(', ')} WHERE false`;
};
const emptyTables = {
  rows: none({
    item: 'INT',
    spot: 'INT',
    month: 'INT',
    owner: 'INT',
    quantity: 'DECIMAL(18, 0)',
    amount: 'DECIMAL(18, 10)',
  }),
  items: none({ item: 'INT', isrc: 'TEXT', upc: 'TEXT', artist: 'TEXT', label: 'TEXT' }),
  spots: none({ spot: 'INT', store: 'INT', country: 'INT', storeKey: 'TEXT', territory: 'TEXT', usageType: 'TEXT' }),
  names: none({ number: 'INT', name: 'TEXT' }),
  owners: none({ owner: 'INT', userId: 'UUID' }),
};

/** Tables `chosenItems` and `chosenRows`: all, or of a change those that it could be about. */
async function chooseItems(database: Database, change: Change | undefined): Promise<void> {
  if (!change) {
    return database.run('CREATE VIEW chosenItems AS FROM items; CREATE VIEW chosenRows AS FROM rows');
  }
  await database.run(`CREATE TABLE changed (${scopeKeys.map((key) => `${key} VARCHAR`).join(', ')})`);
  await database.append(
    'changed',
    change.scopes.map((scope) => scopeKeys.map((key) => scope[key] ?? null)),
  );
  const places = shapesOf(change.scopes).map(
    (shape) => `SELECT items.* FROM items SEMI JOIN changed ON ${fits(shape, 'changed')}`,
  );
  await database.run(`
    CREATE TABLE chosenItems AS SELECT DISTINCT * FROM (${['FROM items WHERE false', ...places].join(' UNION ALL ')});
    CREATE TABLE chosenRows AS SELECT * FROM rows SEMI JOIN chosenItems USING (part, item)`);
}

const noCredits = `
  CREATE TABLE credited (
    userId UUID, amountGroup INTEGER, kind INTEGER, key VARCHAR,
    streams DECIMAL(38, 0), streamsRoyalty DECIMAL(38, 16), downloads DECIMAL(38, 0), downloadsRoyalty DECIMAL(38, 16),
    royalty DECIMAL(38, 16)
  )`;

/**
 * Adds what the splits give to `credited`. As long as there are many rows, they are summed by few and small numbers: `who`
 * is a split, or an owner below zero; `slot` a part and a use (1 stream, 2 download, 0 other); `place` a month, or a store
 * or country of any part. `grouping` says which of month, store and country a sum is not by: 3, 5, 6.
 *
 * A share has six decimals as a factor, so that its product with an amount has sixteen, exactly.
 */
async function credit(database: Database, side: 1 | -1): Promise<void> {
  const of = (use: number, sum: string) => `coalesce(sum(${sum}) FILTER (use = ${use}), 0)`;
  await database.run(`
    CREATE OR REPLACE TABLE uses AS
      SELECT *, CASE usageType WHEN 'stream' THEN 1 WHEN 'download' THEN 2 ELSE 0 END AS use FROM spots;
    CREATE OR REPLACE TABLE slots AS
      SELECT CAST(row_number() OVER () AS INTEGER) AS slot, part, use FROM (SELECT DISTINCT part, use FROM uses);
    CREATE OR REPLACE TABLE places AS
      SELECT part, number, name, CAST(dense_rank() OVER (ORDER BY name) AS INTEGER) AS place FROM names;
    CREATE OR REPLACE TABLE users AS
      SELECT userId, CAST(row_number() OVER () AS INTEGER) AS number
      FROM (SELECT userId FROM shares UNION SELECT userId FROM owners);
    CREATE OR REPLACE TABLE sums AS
      SELECT who, slot, grouping(month, store, country) AS kind, month, store, country,
        sum(quantity) AS quantity, sum(amount) AS amount
      FROM (
        SELECT coalesce(winners.split, placedWinners.split, -1 - owner) AS who, slot, month, store, country, quantity, amount
        FROM chosenRows
        LEFT JOIN winners USING (part, item, month)
        LEFT JOIN placedWinners USING (part, item, month, spot)
        JOIN (FROM uses JOIN slots USING (part, use)) AS places USING (part, spot)
      )
      GROUP BY GROUPING SETS ((who, slot, month), (who, slot, store), (who, slot, country));
    CREATE OR REPLACE TABLE decided AS
      SELECT who, slots.part, use, kind, coalesce(month, place) AS place, quantity, amount
      FROM sums JOIN slots USING (slot)
      LEFT JOIN places ON places.part = slots.part AND number = coalesce(store, country);
    CREATE OR REPLACE TABLE shared AS
      SELECT number, amountGroup, kind, place, use, sum(quantity * sign) AS quantity,
        sum(CAST(amount AS DECIMAL(31, 10)) * sign * factor) AS amount
      FROM (
        SELECT number, part, kind, place, use, quantity, amount, factor
        FROM decided JOIN shares ON split = who JOIN users USING (userId)
        UNION ALL BY NAME
        SELECT number, decided.part, kind, place, use, quantity, amount, CAST(1 AS DECIMAL(7, 6)) AS factor
        FROM decided JOIN owners ON owners.part = decided.part AND owner = -1 - who JOIN users USING (userId)
      )
      JOIN parts USING (part)
      GROUP BY ALL;
    INSERT INTO credited
      SELECT userId, amountGroup, kind,
        if(kind = 3, CAST(place // 100 AS VARCHAR) || '-' || lpad(CAST(place % 100 AS VARCHAR), 2, '0'), any_value(name)),
        ${of(1, 'quantity')} * ${side}, ${of(1, 'amount')} * ${side}, ${of(2, 'quantity')} * ${side},
        ${of(2, 'amount')} * ${side}, sum(amount) * ${side}
      FROM shared JOIN users USING (number) LEFT JOIN (SELECT DISTINCT place, name FROM places) USING (place)
      GROUP BY userId, amountGroup, kind, place`);
}

const sumCredits = (database: Database): Promise<void> =>
  database.run(`
    CREATE TABLE credits AS
      SELECT userId, amountGroup, kind, key, sum(streams) AS streams, sum(streamsRoyalty) AS streamsRoyalty,
        sum(downloads) AS downloads, sum(downloadsRoyalty) AS downloadsRoyalty, sum(royalty) AS royalty
      FROM (FROM credited UNION ALL BY NAME SELECT * REPLACE (0 AS kind, '' AS key) FROM credited WHERE kind = 3)
      GROUP BY userId, amountGroup, kind, key
      HAVING sum(streams) <> 0 OR sum(streamsRoyalty) <> 0 OR sum(downloads) <> 0 OR sum(downloadsRoyalty) <> 0
        OR sum(royalty) <> 0`);

const kinds: Readonly<Record<number, Dimension>> = { 0: 'all', 3: 'month', 5: 'dsp', 6: 'territory' };

async function* credits(database: Database, which: string): AsyncGenerator<Credit[]> {
  const batches = database.batches<[string, number, number, ...string[]]>(`
    SELECT CAST(userId AS VARCHAR), amountGroup, kind, key, CAST(streams AS VARCHAR), CAST(streamsRoyalty AS VARCHAR),
      CAST(downloads AS VARCHAR), CAST(downloadsRoyalty AS VARCHAR), CAST(royalty AS VARCHAR)
    FROM credits
    WHERE ${which}
    ORDER BY userId, amountGroup, kind, key`);
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
