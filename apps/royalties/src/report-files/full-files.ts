import { appendFileSync, writeFileSync } from 'node:fs';
import type { Delimiter } from '@countinghouse/tabular';
import { amountText, type Database, type DuckDBBlobValue } from '@countinghouse/duckdb';
import type { ReportPart } from '../engine/lines-file.js';
import { csvCells, csvHeader } from './csv.sql.js';

const columns =
  'Reporting Month,Sales Month,Platform,Channel Type,Country Code,Country,Label,Artist,Release,Track,UPC,ISRC,Catalog Number,Sales Type,Subscription Type,Quantity,Currency,Royalties'.split(
    ',',
  );

/** Lines that become text at once: what bounds the memory, also for an owner of millions of lines. */
const linesAtOnce = 32_768;

/** Writes the files of single lines, each part's lines in the order of its statement. */
export async function writeFullFiles(
  database: Database,
  parts: readonly ReportPart[],
  delimiter: Delimiter,
  count: number,
  pathOf: (report: number) => string,
): Promise<void> {
  for (let report = 0; report < count; report++) writeFileSync(pathOf(report), csvHeader(columns, delimiter));
  for (const [at, part] of parts.entries()) {
    const lines = await prepareLines(database, `part${at}`, part, delimiter);
    for (const { from, until } of await rangesOf(database, `part${at}`)) {
      const texts = database.batches<[number, DuckDBBlobValue]>(`
        SELECT report, encode(string_agg(text, '' ORDER BY line))
        FROM (${lines} WHERE lines.rowid >= ${from} AND lines.rowid < ${until})
        GROUP BY report`);
      for await (const batch of texts) for (const [report, text] of batch) appendFileSync(pathOf(report), text.bytes);
    }
  }
}

/** Makes the cells of each item and each kind of sale once, and answers the SQL of a part's lines as text. */
async function prepareLines(
  database: Database,
  part: string,
  { sign }: ReportPart,
  delimiter: Delimiter,
): Promise<string> {
  const cells = (...fields: string[]) =>
    csvCells(
      fields.map((field) => `text_cell(${field})`),
      delimiter,
    );
  await database.run(`
    CREATE TABLE ${part}Items AS
      SELECT item, ${cells('label', 'artist', 'releaseTitle', 'trackTitle', 'upc', 'isrc', 'catalogNumber')} AS itemCells
      FROM ${part}.items;
    CREATE TABLE ${part}Sales AS
      SELECT sale,
        '${delimiter}' || ${cells('salesMonth', 'store', 'channelType', 'country', 'countryName')} || '${delimiter}' AS saleCells,
        '${delimiter}' || ${cells('salesType', 'subscriptionType')} || '${delimiter}' AS typeCells,
        '${delimiter}' || currency || '${delimiter}' AS currencyCell
      FROM ${part}.sales LEFT JOIN countries USING (country)`);
  const amounts =
    sign < 0 ? { quantity: '-quantity', royalty: '-royalty' } : { quantity: 'quantity', royalty: 'royalty' };
  return `
    SELECT report, line,
      concat(reportingMonth, saleCells, itemCells, typeCells, ${amounts.quantity}, currencyCell, ${amountText(amounts.royalty)}, e'\\r\\n') AS text
    FROM ${part}.lines AS lines
    JOIN ${part}Reports USING (owner) JOIN ${part}Items USING (item) JOIN ${part}Sales USING (sale)`;
}

/** Ranges of rows that the wanted owners' lines lie in: a part has them in the order of owner and line. */
async function rangesOf(database: Database, part: string): Promise<{ from: number; until: number }[]> {
  const owners = await database.rows<{ from: number; until: number }>(`
    SELECT CAST(min(rowid) AS DOUBLE) AS "from", CAST(max(rowid) + 1 AS DOUBLE) AS until
    FROM ${part}.lines SEMI JOIN ${part}Reports USING (owner)
    GROUP BY owner
    ORDER BY 1`);
  const ranges: { from: number; until: number }[] = [];
  for (const { from, until } of owners) {
    const last = ranges.at(-1);
    if (last?.until === from) last.until = until;
    else ranges.push({ from, until });
  }
  return ranges.flatMap(({ from, until }) =>
    Array.from({ length: Math.ceil((until - from) / linesAtOnce) }, (_, at) => ({
      from: from + at * linesAtOnce,
      until: Math.min(from + (at + 1) * linesAtOnce, until),
    })),
  );
}
