import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Delimiter,
  detectDelimiter,
  detectEncoding,
  NotTextError,
  scanRecords,
  type ScannedRecord,
  splitRecord,
  transcodeToUtf8,
} from '@countinghouse/tabular';
import { monthReader } from '../domain/month-pattern.js';
import type { Layout } from '../layouts/layout.js';
import { columnsOf, type FileColumns } from './columns.js';
import { flattenSalesReport } from './dsr.js';
import { cellOf } from './source.js';
import { StatementFailure } from './statement-failure.js';

/** A statement file whose header is understood and whose every record has been looked at. */
export interface StatementText extends FileColumns {
  /** The file in UTF-8, otherwise as it was sent; or the table that was made of it, line by line. */
  path: string;
  delimiter: Delimiter;
  /** Number of the header's line, from 1. */
  headerLine: number;
  /** Records whose cells can be told apart, one for each column; and those with which that is not so. */
  records: number;
  unreadable: number;
  /** Where the file is not a plain one: a copy of its readable records, each with its line number in front. */
  numberedCopy: string | null;
  hasBreaksInCells: boolean;
}

type Header = FileColumns & Pick<StatementText, 'path' | 'delimiter' | 'headerLine'>;

/**
 * Throws `StatementFailure` for a file that is no text, is empty, or lacks a column that every layout needs. `currency`
 * is that of a file that does not tell it.
 */
export async function openStatementText(
  path: string,
  layouts: readonly Layout[],
  workDir: string,
  currency?: string,
): Promise<StatementText> {
  const table = await asTable(await asUtf8(path, workDir), layouts, workDir);
  const header = await readHeader(table, layouts, currency);
  const text = (await plainText(header)) ?? (await numberedText(header, join(workDir, 'records.csv')));
  if (text.records + text.unreadable === 0) throw new StatementFailure('The file has a header but no lines');
  return text;
}

async function asUtf8(path: string, workDir: string): Promise<string> {
  const encoding = await detectEncoding(path).catch((error: unknown) => {
    throw error instanceof NotTextError ? new StatementFailure(error.message) : error;
  });
  if (encoding === 'utf-8') return path;
  const copy = join(workDir, 'utf8.csv');
  await transcodeToUtf8(path, encoding, copy);
  return copy;
}

async function asTable(path: string, layouts: readonly Layout[], workDir: string): Promise<string> {
  if (layouts[0]?.records === undefined) return path;
  const copy = join(workDir, 'table.tsv');
  await flattenSalesReport(path, copy);
  return copy;
}

/** Layouts of one distributor differ in their columns alone: what must be known before these is read from the first. */
async function readHeader(path: string, layouts: readonly Layout[], currency?: string): Promise<Header> {
  const { skipLines = 0, delimiter: fixed } = layouts[0] ?? {};
  // Which delimiter is assumed does not matter for the first line.
  const delimiter = fixed ?? detectDelimiter((await firstRecord(path, ';', skipLines)).text);
  const { text, line, isReadable } = await firstRecord(path, delimiter, skipLines);
  if (!isReadable) throw new StatementFailure('The first line cannot be read as the names of columns');
  const header = splitRecord(text, delimiter).map((name) => name.trim());
  return { ...columnsOf(header, layouts, currency), path, delimiter, headerLine: line };
}

async function firstRecord(
  path: string,
  delimiter: Delimiter,
  skipLines: number,
): Promise<{ text: string; line: number; isReadable: boolean }> {
  let first = { text: '', line: 0, isReadable: false };
  const visit = ({ isBlank, bytes, line, problem }: ScannedRecord): boolean => {
    if (!isBlank) first = { text: bytes.toString('utf8'), line, isReadable: problem === null };
    return isBlank;
  };
  await scanRecords(path, delimiter, visit, skipLines);
  if (first.line > 0) return first;
  throw new StatementFailure(
    skipLines > 0 ? `The file has no header behind the ${skipLines} lines that are skipped` : 'The file is empty',
  );
}

/**
 * Whether a record is no line but a total or the like: it begins as the layout says, and tells no month. A song may be
 * called what totals are.
 */
function trailerTest({ layout, header, sources, delimiter }: Header): (record: ScannedRecord) => boolean {
  const beginnings = (layout.trailers ?? []).map((text) => Buffer.from(text));
  const readMonth = monthReader(layout.months);
  const tellsMonth = (record: ScannedRecord): boolean => {
    if (record.problem !== null || record.fields !== header.length) return false;
    const { text, column } = cellOf(sources.salesMonth, 'salesMonth', splitRecord(record.bytes.toString(), delimiter));
    return column !== null && readMonth(text).value !== undefined;
  };
  return (record) => {
    if (beginnings.length === 0) return false;
    const { buffer, start, end } = record;
    const from = buffer[start] === 0x22 ? start + 1 : start;
    const isBegun = (by: Buffer) => by.equals(buffer.subarray(from, Math.min(from + by.length, end)));
    return beginnings.some(isBegun) && !tellsMonth(record);
  };
}

/** Visits the records behind the header that are lines, readable or not, until `visit` answers false. */
export function scanLines(header: Header, visit: (record: ScannedRecord) => boolean | void): Promise<void> {
  const { path, delimiter, headerLine, layout } = header;
  const isTrailer = trailerTest(header);
  const isLine = (record: ScannedRecord) => record.line > headerLine && !record.isBlank && !isTrailer(record);
  return scanRecords(path, delimiter, (record) => !isLine(record) || visit(record), layout.skipLines);
}

export const isReadable = (record: ScannedRecord, { header }: FileColumns): boolean =>
  record.problem === null && record.fields === header.length;

/** A file of one record a line, all readable, all with the same line ending; null when it is not such a file. */
async function plainText(header: Header): Promise<StatementText | null> {
  let lines = 0;
  let lineEnding = 0;
  let isPlain = true;
  const isTrailer = trailerTest(header);
  await scanRecords(header.path, header.delimiter, (record) => {
    if (record.isBlank) return (isPlain &&= record.end === record.start);
    if (++lines === 1) lineEnding = record.next - record.end;
    const ending = record.next - record.end;
    return (isPlain =
      isReadable(record, header) &&
      !isTrailer(record) &&
      record.line === lines &&
      record.lines === 1 &&
      (ending === lineEnding || ending === 0));
  });
  if (!isPlain) return null;
  return { ...header, records: lines - 1, unreadable: 0, numberedCopy: null, hasBreaksInCells: false };
}

async function numberedText(header: Header, copy: string): Promise<StatementText> {
  const writer = new RecordWriter(copy);
  let records = 0;
  let unreadable = 0;
  let hasBreaksInCells = false;
  try {
    await scanLines(header, (record) => {
      if (!isReadable(record, header)) {
        unreadable++;
        return;
      }
      records++;
      hasBreaksInCells ||= record.hasBreaks;
      writer.write(`${record.line}${header.delimiter}`, record.bytes);
    });
  } finally {
    writer.close();
  }
  return { ...header, records, unreadable, numberedCopy: copy, hasBreaksInCells };
}

/** Gathers records into large writes. */
class RecordWriter {
  private readonly file: number;
  private readonly buffer = Buffer.allocUnsafe(4 * 1024 * 1024);
  private length = 0;

  constructor(path: string) {
    this.file = openSync(path, 'w');
  }

  write(prefix: string, record: Buffer): void {
    if (this.length + prefix.length + record.length + 1 > this.buffer.length) this.flush();
    this.length += this.buffer.write(prefix, this.length, 'latin1');
    this.length += record.copy(this.buffer, this.length);
    this.buffer[this.length++] = 0x0a;
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    writeFileSync(this.file, this.buffer.subarray(0, this.length));
    this.length = 0;
  }
}
