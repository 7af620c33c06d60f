import type { Database } from '@countinghouse/duckdb';
import {
  comparePrecedence,
  firstMonthFrom,
  type ScopeKey,
  scopeKeys,
  type SplitRule,
  type SplitWithShares,
} from '../domain/split.js';

/** Which keys scopes have, each combination once: each can be joined by equality. */
export const shapesOf = (scopes: readonly SplitRule['scope'][]): ScopeKey[][] =>
  [...new Set(scopes.map((scope) => scopeKeys.filter((key) => scope[key] !== undefined).join()))].map(
    (shape) => shape.split(',') as ScopeKey[],
  );

export const fits = (shape: readonly ScopeKey[], scopes: string): string =>
  scopeKeys
    .map((key) => (shape.includes(key) ? `items.${key} = ${scopes}.${key}` : `${scopes}.${key} IS NULL`))
    .join(' AND ');

/** After all months there are. */
const noMonth = 1_000_000;

/** Tables `splits`, the one that decides first with the highest rank, `shares` and `conditionSets`. */
export async function loadSplits(database: Database, splits: readonly SplitWithShares[]): Promise<void> {
  const ordered = splits.toSorted((a, b) => comparePrecedence(b, a));
  const conditionSets = new Map([...new Set(splits.map(conditionText))].map((text, number) => [text, number]));
  await database.run(`
    CREATE OR REPLACE TABLE splitTexts (
      split VARCHAR, rank VARCHAR, isrc VARCHAR, upc VARCHAR, artist VARCHAR, label VARCHAR,
      fromMonth VARCHAR, untilMonth VARCHAR, conditionSet VARCHAR
    );
    CREATE OR REPLACE TABLE shareTexts (split VARCHAR, userId VARCHAR, share VARCHAR);
    CREATE OR REPLACE TABLE conditionTexts (conditionSet VARCHAR, conditions VARCHAR)`);
  await database.append(
    'splitTexts',
    ordered.map((split, rank) => [
      `${split.id}`,
      `${rank}`,
      ...scopeKeys.map((key) => split.scope[key] ?? null),
      `${split.startDate === null ? 0 : firstMonthFrom(split.startDate)}`,
      `${split.endDate === null ? noMonth : firstMonthFrom(split.endDate)}`,
      split.conditions.length === 0 ? null : `${conditionSets.get(conditionText(split))}`,
    ]),
  );
  await database.append(
    'shareTexts',
    splits.flatMap(({ id, shares }) => shares.map(({ userId, share }) => [`${id}`, userId, share])),
  );
  await database.append(
    'conditionTexts',
    [...conditionSets].map(([text, number]) => [`${number}`, text]),
  );
  await database.run(`
    CREATE OR REPLACE TABLE splits AS
      SELECT * REPLACE (CAST(split AS BIGINT) AS split, CAST(rank AS INTEGER) AS rank,
        CAST(fromMonth AS INTEGER) AS fromMonth, CAST(untilMonth AS INTEGER) AS untilMonth,
        CAST(conditionSet AS INTEGER) AS conditionSet)
      FROM splitTexts;
    CREATE OR REPLACE TABLE shares AS
      SELECT CAST(split AS BIGINT) AS split, CAST(userId AS UUID) AS userId,
        CAST(CAST(share AS DECIMAL(7, 4)) * 0.01 AS DECIMAL(7, 6)) AS factor
      FROM shareTexts;
    CREATE OR REPLACE TABLE conditionSets AS
      SELECT CAST(conditionSet AS INTEGER) AS conditionSet, from_json(conditions, '${conditionType}') AS conditions
      FROM conditionTexts`);
}

const conditionText = ({ conditions }: SplitWithShares): string => JSON.stringify(conditions);
const conditionType = '[{"mode":"VARCHAR","territories":["VARCHAR"],"dsps":["VARCHAR"],"usageTypes":["VARCHAR"]}]';

/**
 * Tables `winners`, the split that decides over an item's month, and `placedWinners`, over an item's month at a spot: of
 * the items that have a split with conditions. The others are spared the spots, which are many.
 */
export async function decide(database: Database, splits: readonly SplitWithShares[]): Promise<void> {
  const candidates = shapesOf(splits.map(({ scope }) => scope)).map(
    (shape) => `
      SELECT items.part, items.item, splits.* EXCLUDE (isrc, upc, artist, label)
      FROM chosenItems AS items JOIN splits ON ${fits(shape, 'splits')}`,
  );
  const nobody = `SELECT CAST(0 AS SMALLINT) AS part, 0 AS item, * EXCLUDE (isrc, upc, artist, label) FROM splits WHERE false`;
  await database.run(`
    CREATE OR REPLACE TABLE candidates AS ${[nobody, ...candidates].join(' UNION ALL ')};
    CREATE OR REPLACE TABLE placed AS SELECT DISTINCT part, item FROM candidates WHERE conditionSet IS NOT NULL;
    CREATE OR REPLACE TABLE months AS SELECT DISTINCT month FROM chosenRows;
    CREATE OR REPLACE TABLE winners AS
      SELECT part, item, month, arg_max(split, rank) AS split
      FROM candidates ANTI JOIN placed USING (part, item) JOIN months ON month >= fromMonth AND month < untilMonth
      GROUP BY part, item, month;
    CREATE OR REPLACE TABLE allowed AS
      SELECT conditionSet, part, spot
      FROM conditionSets, spots
      WHERE len(list_filter(conditions, lambda condition:
        ((condition.territories IS NULL OR list_contains(condition.territories, territory))
          AND (condition.dsps IS NULL OR list_contains(condition.dsps, storeKey))
          AND (condition.usageTypes IS NULL OR list_contains(condition.usageTypes, usageType)))
        <> (condition.mode = 'include'))) = 0;
    CREATE OR REPLACE TABLE placedWinners AS
      SELECT part, item, month, spot, arg_max(split, rank) AS split
      FROM (SELECT DISTINCT part, item, month, spot FROM chosenRows SEMI JOIN placed USING (part, item))
      JOIN candidates USING (part, item)
      LEFT JOIN allowed USING (conditionSet, part, spot)
      WHERE month >= fromMonth AND month < untilMonth AND (conditionSet IS NULL OR allowed.spot IS NOT NULL)
      GROUP BY part, item, month, spot`);
}
