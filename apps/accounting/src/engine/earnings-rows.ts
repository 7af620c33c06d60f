import { codeKey, labelKey } from '@countinghouse/catalogue';
import { type Database, type EngineLimits, literal, withDuckDb } from '@countinghouse/duckdb';

/**
 * What splits are evaluated on. An earnings file is made into it once: a DuckDB file that never changes, a small star of
 * tables in which all that is compared and summed is a number.
 *
 * - `rows`: `item`, `spot`, `month` (YYYYMM), `owner`, `quantity` (streams or downloads; 0 of other uses), `amount`, in
 *   the order of items, so that the rows of a few items are found without reading the others
 * - `items`: what was sold, in the form that is compared: `isrc`, `upc`, `artist`, `label`
 * - `spots`: where and how: `store`, `country` (numbers of `names`), `storeKey`, `territory`, `usageType`
 * - `names`: the texts of stores and countries
 * - `owners`: the user of each owner
 *
 * The number changes with the form of the tables and with how keys are made.
 */
export const earningsRowsVersion = 1;

/** @param path of the earnings file; `rowsPath` where the result is to be */
export async function writeEarningsRows(
  { path, rowsPath, workDir }: { path: string; rowsPath: string; workDir: string },
  limits: EngineLimits = {},
): Promise<void> {
  await withDuckDb(workDir, limits, async (database) => {
    await database.run(`
      ATTACH ${literal(rowsPath)} AS made;
      CREATE VIEW earnings AS SELECT * FROM read_parquet(${literal(path)})`);
    await nameThings(database);
    await database.run(`
      CREATE TABLE made.owners AS
        SELECT CAST(row_number() OVER () AS INTEGER) AS owner, userId
        FROM (SELECT DISTINCT owner AS userId FROM earnings)`);
    const quantity = await narrow(database, 'streams + downloads', 0);
    const amount = await narrow(database, 'amount', 10);
    await database.run(`
      CREATE TABLE made.rows AS
        SELECT item, spot, CAST(salesMonth AS INTEGER) AS month, owners.owner, ${quantity} AS quantity, ${amount} AS amount
        FROM earnings
        JOIN itemTexts USING (isrc, upc, artist, label)
        JOIN spotTexts USING (store, country, usageType)
        JOIN made.owners ON userId = earnings.owner
        ORDER BY item;
      DETACH made`);
  });
}

const texts = {
  isrc: codeKey,
  upc: codeKey,
  artist: labelKey,
  label: labelKey,
  store: labelKey,
} as const;

/** Tables `itemTexts` and `spotTexts`, the numbers of what stands in the file, and of the result all but the rows. */
async function nameThings(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE givenItems AS SELECT DISTINCT isrc, upc, artist, label FROM earnings;
    CREATE TABLE givenSpots AS SELECT DISTINCT store, country, usageType FROM earnings`);
  for (const [column, keyOf] of Object.entries(texts)) {
    const table = column === 'store' ? 'givenSpots' : 'givenItems';
    const given = await database.rows<{ text: string }>(`SELECT DISTINCT ${column} AS text FROM ${table}`);
    await database.run(`CREATE TABLE ${column}Keys (text VARCHAR, key VARCHAR)`);
    await database.append(
      `${column}Keys`,
      given.map(({ text }) => [text, keyOf(text)]),
    );
  }
  const keyed = (column: keyof typeof texts) => `(SELECT key FROM ${column}Keys WHERE text = ${column})`;
  await database.run(`
    CREATE TABLE itemTexts AS
      SELECT *, CAST(dense_rank() OVER (ORDER BY isrcKey, upcKey, artistKey, labelKey) AS INTEGER) AS item
      FROM (
        SELECT *, ${keyed('isrc')} AS isrcKey, ${keyed('upc')} AS upcKey, ${keyed('artist')} AS artistKey,
          ${keyed('label')} AS labelKey
        FROM givenItems
      );
    CREATE TABLE made.items AS
      SELECT DISTINCT item, isrcKey AS isrc, upcKey AS upc, artistKey AS artist, labelKey AS label
      FROM itemTexts ORDER BY item;
    CREATE TABLE made.names AS
      SELECT CAST(row_number() OVER () AS INTEGER) AS number, name
      FROM (SELECT store AS name FROM givenSpots UNION SELECT country FROM givenSpots);
    CREATE TABLE spotTexts AS
      SELECT *, CAST(row_number() OVER () AS INTEGER) AS spot FROM givenSpots;
    CREATE TABLE made.spots AS
      SELECT spot, stores.number AS store, countries.number AS country, ${keyed('store')} AS storeKey,
        spotTexts.country AS territory, usageType
      FROM spotTexts
      JOIN made.names AS stores ON stores.name = spotTexts.store
      JOIN made.names AS countries ON countries.name = spotTexts.country`);
}

/** In eight bytes where all values fit: they are summed in half the time. */
async function narrow(database: Database, value: string, decimals: number): Promise<string> {
  const { fits } = await database.row<{ fits: number }>(`
    SELECT CAST(coalesce(max(abs(${value})), 0) < 10000000 AS INTEGER) AS fits FROM earnings`);
  return `CAST(${value} AS DECIMAL(${fits === 1 ? 18 : 38}, ${decimals}))`;
}
