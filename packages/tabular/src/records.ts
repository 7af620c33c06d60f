import { isUtf8 } from 'node:buffer';
import { open, type FileHandle } from 'node:fs/promises';
import { completeUtf8Length } from './encoding.js';

export type Delimiter = ';' | ',' | '\t';

/** Why the bytes of a record cannot be taken for cells. */
export type RecordProblem = 'quotes' | 'encoding' | 'nul' | 'carriage-return' | 'too-long';

/** In bytes. What is longer comes from a lost quote or line break, not from cells. */
export const longestRecord = 1024 * 1024;

const chunkBytes = 1024 * 1024;

const byteOrderMark = Buffer.from('\uFEFF');

/**
 * A record lies in `buffer` from `start` to `end`, without its line ending; the next one follows at `next`.
 * The same object and buffer are used again for the next record.
 */
export class ScannedRecord {
  start = 0;
  end = 0;
  next = 0;
  /** Number of the record's first physical line, from 1. */
  line = 1;
  /** How many physical lines it spans. */
  lines = 1;
  /** A quoted cell holds a line feed or a carriage return. */
  hasBreaks = false;
  fields = 1;
  problem: RecordProblem | null = null;

  constructor(readonly buffer: Buffer) {}

  /** A line of nothing but spaces and tabs, or of nothing at all. */
  get isBlank(): boolean {
    return this.fields === 1 && this.problem === null && isBlank(this.buffer, this.start, this.end);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(this.start, this.end);
  }
}

/**
 * Streams the records of a UTF-8 file, behind its byte order mark, in memory that does not grow with it. A cell that
 * starts with a quote ends with one and may hold delimiters, line breaks and doubled quotes; a quote further inside is
 * a character like any other. Where quotes do not close as they should, only the physical line on which the record
 * started has the problem, and reading goes on with the next line. Stops when `visit` answers false. The first
 * `skipLines` physical lines are passed over, whatever is in them.
 */
export async function scanRecords(
  path: string,
  delimiter: Delimiter,
  visit: (record: ScannedRecord) => boolean | void,
  skipLines = 0,
): Promise<void> {
  const file = await open(path);
  try {
    const window = new Window(file, skipLines);
    const record = new ScannedRecord(window.buffer);
    record.line += skipLines;
    const kinds = kindsOfBytes(delimiter);
    while (await window.fill()) {
      while (window.start < window.end && readRecord(record, window, kinds)) {
        window.start = record.next;
        if (!window.isUtf8 && !isUtf8(record.bytes)) record.problem ??= 'encoding';
        if (visit(record) === false) return;
        record.line += record.lines;
      }
    }
  } finally {
    await file.close();
  }
}

/** The part of a file that is in memory: the longest record and one more chunk always fit. */
class Window {
  readonly buffer = Buffer.allocUnsafe(longestRecord + 2 * chunkBytes + 1);
  start = 0;
  end = 0;
  offset = 0;
  atEnd = false;
  isUtf8 = true;

  constructor(
    private readonly file: FileHandle,
    /** How many lines come next that are not read, such as the rest of a record that was given up. */
    public linesToSkip: number,
  ) {}

  /** Moves what is unread to the front and reads on; false when nothing is left. */
  async fill(): Promise<boolean> {
    while (!this.atEnd) {
      this.buffer.copyWithin(0, this.start, this.end);
      this.offset += this.start;
      this.end -= this.start;
      this.start = 0;
      const { bytesRead } = await this.file.read(this.buffer, this.end, chunkBytes);
      this.end += bytesRead;
      this.atEnd = bytesRead === 0;
      if (this.offset === 0 && byteOrderMark.equals(this.buffer.subarray(0, Math.min(this.end, 3)))) this.start = 3;
      // The loops over bytes need not look for the end: a line feed behind it stops them.
      this.buffer[this.end] = 0x0a;
      this.skipLines();
      if (this.start < this.end) {
        const bytes = this.buffer.subarray(0, this.end);
        this.isUtf8 = isUtf8(this.atEnd ? bytes : bytes.subarray(0, completeUtf8Length(bytes)));
        return true;
      }
    }
    return false;
  }

  private skipLines(): void {
    const bytes = this.buffer.subarray(0, this.end);
    for (; this.linesToSkip > 0 && this.start < this.end; this.linesToSkip--) {
      const lineBreak = bytes.indexOf(0x0a, this.start);
      if (lineBreak === -1) {
        this.start = this.end;
        return;
      }
      this.start = lineBreak + 1;
    }
  }
}

const plain = 0;
const separator = 1;
const quote = 2;
const lineFeed = 3;
const carriageReturn = 4;
const nul = 5;

function kindsOfBytes(delimiter: Delimiter): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds[delimiter.charCodeAt(0)] = separator;
  kinds[0x22] = quote;
  kinds[0x0a] = lineFeed;
  kinds[0x0d] = carriageReturn;
  kinds[0x00] = nul;
  return kinds;
}

/** Reads the record at the window's start; false when its end is not in memory yet. The inner loops are the cost. */
function readRecord(record: ScannedRecord, window: Window, kinds: Uint8Array): boolean {
  const { buffer, start, end, atEnd } = window;
  record.start = start;
  record.lines = 1;
  record.hasBreaks = false;
  record.fields = 1;
  record.problem = null;
  for (let at = start, cell = start; ; ) {
    let kind = plain;
    while ((kind = kinds[buffer[at]!]!) === plain) at++;
    if (at >= end) return atEnd ? complete(record, window, end, end) : incomplete(record, window);
    if (kind === separator) {
      record.fields++;
      cell = ++at;
    } else if (kind === lineFeed) {
      return complete(record, window, at, at + 1);
    } else if (kind === quote && at > cell && isBlank(buffer, cell, at)) {
      return firstLine(record, window);
    } else if (kind === quote && at === cell) {
      at = closeQuotes(record, window, kinds, at + 1);
      if (at === unfinished) return incomplete(record, window);
      if (at === broken) return firstLine(record, window);
    } else if (kind === carriageReturn) {
      if (at + 1 === end && !atEnd) return incomplete(record, window);
      if (at + 1 < end && buffer[at + 1] === 0x0a) return complete(record, window, at, at + 2);
      record.problem = 'carriage-return';
      at++;
    } else {
      if (kind === nul) record.problem = 'nul';
      at++;
    }
  }
}

const unfinished = -1;
const broken = -2;

/** Where the delimiter or line ending behind a quoted cell is. */
function closeQuotes(record: ScannedRecord, window: Window, kinds: Uint8Array, from: number): number {
  const { buffer, end, atEnd } = window;
  for (let at = from; ; at++) {
    let kind = plain;
    while ((kind = kinds[buffer[at]!]!) <= separator) at++;
    if (at >= end) return atEnd ? broken : unfinished;
    if (kind === lineFeed) record.lines++;
    if (kind === lineFeed || kind === carriageReturn) record.hasBreaks = true;
    else if (kind === nul) record.problem = 'nul';
    else if (kind === quote) {
      if (at + 1 === end && !atEnd) return unfinished;
      if (at + 1 < end && buffer[at + 1] === 0x22) at++;
      else {
        do at++;
        while (at < end && buffer[at] === 0x20);
        if (at >= end) return atEnd ? end : unfinished;
        kind = kinds[buffer[at]!]!;
        return kind === separator || kind === lineFeed || kind === carriageReturn ? at : broken;
      }
    }
  }
}

function complete(record: ScannedRecord, window: Window, end: number, next: number): boolean {
  record.end = end;
  record.next = next;
  if (end - record.start <= longestRecord) return true;
  if (record.lines > 1) return firstLine(record, window);
  record.problem = 'too-long';
  return true;
}

function incomplete(record: ScannedRecord, window: Window): boolean {
  if (window.end - record.start <= longestRecord) return false;
  if (record.lines > 1) return firstLine(record, window);
  window.linesToSkip = 1;
  return complete(record, window, window.end, window.end);
}

/** Gives up a record whose quotes are broken: only its first physical line is lost. */
function firstLine(record: ScannedRecord, window: Window): boolean {
  const lineBreak = window.buffer.subarray(0, window.end).indexOf(0x0a, record.start);
  record.lines = 1;
  if (lineBreak === -1 && !window.atEnd) return incomplete(record, window);
  const next = lineBreak === -1 ? window.end : lineBreak + 1;
  const end = lineBreak === -1 ? window.end : lineBreak;
  record.problem = 'quotes';
  return complete(record, window, end > record.start && window.buffer[end - 1] === 0x0d ? end - 1 : end, next);
}

function isBlank(buffer: Buffer, from: number, until: number): boolean {
  for (let at = from; at < until; at++) if (buffer[at] !== 0x20 && buffer[at] !== 0x09) return false;
  return true;
}
