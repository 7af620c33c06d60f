import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Group } from './largest-groups.js';

export type GroupedFile = 'releases' | 'platforms' | 'countries';

type Row = Readonly<Record<string, string>>;

/** What a row of each file is about, as a reader knows it. */
const names: Record<GroupedFile, (row: Row) => string> = {
  releases: (row) => [text(row['Release']), text(row['Artist'])].filter(Boolean).join(' – ') || text(row['UPC']),
  platforms: (row) => text(row['Platform']),
  countries: (row) => text(row['Country Code']),
};

/** The rows of one of a report's comma separated files; of a country its code. */
export async function* groupsOf(file: GroupedFile, content: Readable): AsyncGenerator<Group> {
  // What goes wrong with the content ends the loop below, too.
  const rows: AsyncIterable<Row> = pipeline(content, parse({ columns: true, bom: true }), () => {});
  for await (const row of rows) {
    yield { name: names[file](row), quantity: row['Quantity']!, royalties: row['Royalties']! };
  }
}

/** A cell's text without the apostrophe that keeps spreadsheets from running it. */
const text = (cell = ''): string => cell.replace(/^'(?=[=+\-@\t\r])/, '');
