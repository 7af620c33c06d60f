import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { withDuckDb } from '@countinghouse/duckdb';
import { openLinesFile } from '../src/engine/lines-file.js';
import {
  readStatement,
  StatementFailure,
  type StatementLines,
  type StatementRequest,
} from '../src/engine/read-statement.js';
import { layoutsOf } from '../src/layouts/index.js';

/** What a lines file says of one line. */
export interface LineRow extends Record<string, string | number | null> {
  line: number;
  salesMonth: string;
  store: string;
  channelType: string;
  country: string;
  label: string;
  artist: string;
  releaseTitle: string;
  trackTitle: string;
  upc: string;
  isrc: string;
  catalogNumber: string;
  salesType: string;
  usageType: string;
  subscriptionType: string;
  currency: string;
  quantity: string;
  net: string;
}

export interface BookedRow extends LineRow {
  owner: string;
  contract: number;
  royalty: string;
}

export interface RejectedRow {
  line: number;
  column: string;
  reason: string;
  raw: string;
}

export type ReadResult = StatementLines & { lines: LineRow[]; rejected: RejectedRow[] };

/** A folder for each spec file, and the engine at work in it. */
export function engineInFolder() {
  const place = { folder: '' };
  let runs = 0;
  beforeAll(async () => {
    place.folder = await mkdtemp(join(tmpdir(), 'engine-'));
  });
  afterAll(() => rm(place.folder, { recursive: true }));

  const newFolder = () => mkdtemp(join(place.folder, `${++runs}-`));

  async function read(content: string | Buffer, options: Partial<StatementRequest> = {}): Promise<ReadResult> {
    const workDir = await newFolder();
    const path = join(workDir, 'statement');
    await writeFile(path, content);
    const result = await readStatement({
      path,
      layouts: layoutsOf('KONTOR'),
      reportingMonth: '202508',
      maxRejectedPercent: 100,
      workDir,
      ...options,
    });
    const lines = await linesOf<LineRow>(result.linesPath, workDir);
    return { ...result, lines, rejected: rejectedIn(await readFile(result.rejectedPath, 'utf8')) };
  }

  /** Why the statement as a whole is wrong. */
  async function failureOf(content: string | Buffer, options: Partial<StatementRequest> = {}): Promise<string> {
    const failure = await read(content, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StatementFailure);
    return (failure as StatementFailure).message;
  }

  return { read, failureOf, newFolder };
}

/** The lines of a lines file, in the order of owner and line. */
export const linesOf = <T extends LineRow>(path: string, workDir: string): Promise<T[]> =>
  withDuckDb(workDir, {}, async (database) => {
    await openLinesFile(database, path, 'file');
    const columns = await database.rows<{ name: string }>(`
      SELECT column_name AS name FROM duckdb_columns() WHERE database_name = 'file' AND table_name = 'lines'`);
    const booked = columns.some(({ name }) => name === 'royalty');
    return database.rows<T>(`
      SELECT CAST(line AS DOUBLE) AS line, items.* EXCLUDE (item, labelKey), sales.* EXCLUDE (sale),
        CAST(quantity AS VARCHAR) AS quantity, CAST(net AS VARCHAR) AS net
        ${booked ? ', CAST(userId AS VARCHAR) AS owner, CAST(contract AS DOUBLE) AS contract, CAST(royalty AS VARCHAR) AS royalty' : ''}
      FROM file.lines JOIN file.items USING (item) JOIN file.sales USING (sale)
        ${booked ? 'JOIN file.owners USING (owner)' : ''}
      ORDER BY ${booked ? 'userId, line' : 'line'}`);
  });

const rejectedIn = (csv: string): RejectedRow[] =>
  parseCsv(csv)
    .slice(1)
    .map(([line, column, reason, raw]) => ({ line: Number(line), column: column!, reason: reason!, raw: raw! }));

/** The cells of a CSV file by RFC 4180, read character by character. */
export function parseCsv(text: string, delimiter = ','): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let inQuotes = false;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at++) {
    const character = text[at]!;
    if (inQuotes) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else inQuotes = false;
    } else if (character === '"' && cell === '') inQuotes = true;
    else if (character === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (character === '\r' && text[at + 1] === '\n') {
      rows.push([...cells, cell]);
      [cells, cell] = [[], ''];
      at++;
    } else cell += character;
  }
  if (cell !== '' || cells.length > 0) throw new Error('The file does not end with a line break');
  return rows;
}
