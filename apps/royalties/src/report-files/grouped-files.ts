import type { Delimiter } from '@countinghouse/tabular';
import { amountText, type Database } from '@countinghouse/duckdb';
import { TextFile } from '../engine/text-file.js';
import type { ReportPart } from '../engine/lines-file.js';
import { csvCells, csvHeader } from './csv.sql.js';

interface GroupedFile {
  name: string;
  /** Whose names the lines are grouped by. */
  by: 'item' | 'sale';
  /** Its first columns, and what they hold. */
  columns: Readonly<Record<string, string>>;
  /** Order of lines with the same royalties. */
  ties: string;
}

const groupedFiles: readonly GroupedFile[] = [
  { name: 'labels', by: 'item', columns: { Label: 'label' }, ties: 'label' },
  { name: 'artists', by: 'item', columns: { Artist: 'artist' }, ties: 'artist' },
  {
    name: 'releases',
    by: 'item',
    columns: { Release: 'releaseTitle', UPC: 'upc', Artist: 'artist' },
    ties: 'releaseTitle, upc, artist',
  },
  { name: 'platforms', by: 'sale', columns: { Platform: 'store' }, ties: 'store' },
  {
    name: 'countries',
    by: 'sale',
    columns: { 'Country Code': 'country', Country: 'countryName' },
    ties: 'countryName, country',
  },
];

/**
 * Writes the five files that sum lines up. `pathOf` says where a report's file goes, by the report's place among the
 * `count` ones of the request.
 */
export async function writeGroupedFiles(
  database: Database,
  parts: readonly ReportPart[],
  delimiter: Delimiter,
  count: number,
  pathOf: (report: number, file: string) => string,
): Promise<void> {
  for (const file of groupedFiles) {
    const header = csvHeader([...Object.keys(file.columns), 'Currency', 'Quantity', 'Royalties'], delimiter);
    const lines = parts.length === 0 ? [] : database.batches<ReportLine>(linesOf(file, parts, delimiter));
    await writeInTurn(lines, header, count, (report) => pathOf(report, file.name));
  }
}

type ReportLine = [report: number, line: string];

function linesOf({ by, columns, ties }: GroupedFile, parts: readonly ReportPart[], delimiter: Delimiter): string {
  const fields = Object.values(columns);
  const names = fields.join(', ');
  const cells = [...fields.map((field) => `text_cell(${field})`), 'currency', 'quantity', amountText('royalties')];
  return `
    SELECT report, ${csvCells(cells, delimiter)} || e'\\r\\n'
    FROM (
      SELECT report, ${names}, currency, sum(quantity) AS quantity, sum(royalties) AS royalties
      FROM (${parts.map(({ sign }, at) => sumsOf(`part${at}`, sign, by, names)).join(' UNION ALL ')})
      GROUP BY ALL
    ) AS sums
    ORDER BY report, sums.royalties DESC, ${ties}, currency`;
}

/** SQL of what each report has in a part. An item's lines are summed before its names are looked up. */
function sumsOf(part: string, sign: number, by: GroupedFile['by'], names: string): string {
  const currency = `(SELECT min(currency) FROM ${part}.sales)`;
  return by === 'item'
    ? `
    SELECT report, ${names}, ${currency} AS currency, ${sign} * quantity AS quantity, ${sign} * royalties AS royalties
    FROM (SELECT owner, item, sum(quantity) AS quantity, sum(royalty) AS royalties FROM ${part}.lines GROUP BY ALL)
    JOIN ${part}Reports USING (owner) JOIN ${part}.items USING (item)`
    : `
    SELECT report, ${names}, ${currency} AS currency, ${sign} * sum(quantity) AS quantity, ${sign} * sum(royalty) AS royalties
    FROM ${part}.lines JOIN ${part}Reports USING (owner) JOIN ${part}.sales USING (sale) LEFT JOIN countries USING (country)
    GROUP BY report, ${names}`;
}

/** Lines that are in the order of their reports go into a file for each; a report without any has a header. */
async function writeInTurn(
  lines: AsyncIterable<ReportLine[]> | Iterable<ReportLine[]>,
  header: string,
  count: number,
  pathOf: (report: number) => string,
): Promise<void> {
  let at = 0;
  let file = new TextFile(pathOf(at), header);
  try {
    for await (const batch of lines) {
      for (const [report, line] of batch) {
        while (at < report) file = nextFile();
        file.write(line);
      }
    }
    while (at < count - 1) file = nextFile();
  } finally {
    file.close();
  }

  function nextFile(): TextFile {
    file.close();
    return new TextFile(pathOf(++at), header);
  }
}
