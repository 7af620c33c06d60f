import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

const largestBytes = 64 * 1024 * 1024;
const largestReadBytes = 1024 * 1024;

/**
 * The log file of one process. The process writes to it directly, so its words are kept however it or its launcher ends;
 * this side only reads along.
 */
export class ProcessLog {
  private runBegan = 0;
  private shownUntil = 0;

  constructor(
    private readonly name: string,
    readonly path: string,
  ) {}

  /** Opens the file for one run of the process. The caller closes the descriptor once it has been handed on. */
  open(): number {
    const file = openSync(this.path, 'a', 0o600);
    this.runBegan = fstatSync(file).size;
    this.shownUntil = this.runBegan;
    return file;
  }

  /** What a person should see of the lines since the last call: warnings and errors, or everything. */
  news(everything: boolean): string[] {
    const news: string[] = [];
    for (;;) {
      const { lines, until } = this.read(this.shownUntil);
      if (until === this.shownUntil) break;
      this.shownUntil = until;
      news.push(...lines.filter((line) => everything || isWarning(line)));
    }
    if (this.shownUntil > largestBytes) this.startOver();
    return news.map((line) => `${this.name}: ${textOf(line)}`);
  }

  /** The lines of this run that best say why it ended. */
  lastWords(): string {
    const { lines } = this.read(Math.max(this.runBegan, this.size() - 16_384));
    const complaints = lines.filter(isComplaint);
    const telling = complaints.length > 0 ? complaints : lines.filter((line) => !isStack(line));
    return telling
      .slice(-4)
      .map((line) => textOf(line).trimEnd())
      .join('\n');
  }

  /** The whole lines of the next MiB from a position on, and where they end. */
  private read(from: number): { lines: string[]; until: number } {
    const size = Math.min(this.size() - from, largestReadBytes);
    if (size <= 0) return { lines: [], until: from };
    const buffer = Buffer.alloc(size);
    const file = openSync(this.path, 'r');
    const length = readSync(file, buffer, 0, size, from);
    closeSync(file);
    // A line longer than that is taken in pieces.
    const end = buffer.lastIndexOf('\n', length - 1) + 1 || (length === largestReadBytes ? length : 0);
    const lines = buffer.toString('utf8', 0, end).split('\n').filter(Boolean);
    return { lines, until: from + end };
  }

  private size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The writer appends, so it goes on at the beginning of the emptied file. */
  private startOver(): void {
    copyFileSync(this.path, `${this.path}.old`);
    truncateSync(this.path);
    this.shownUntil = 0;
    this.runBegan = 0;
  }
}

/** The services write JSON, with the level first. */
const isWarning = (line: string) => /^\{"level":"(?:warn|error|fatal)"/.test(line);

const isComplaint = (line: string) =>
  line.startsWith('{')
    ? /^\{"level":"(?:error|fatal)"/.test(line)
    : /\b(?:FATAL|PANIC|HINT|error|[A-Z]\w*Error)\b|\[FTL\]/.test(line);

const isStack = (line: string) => /^\s+at |^\s*\^|^Node\.js v/.test(line);

/** A line for people: PostgreSQL and NATS write such, the services JSON. */
function textOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter((part, at, parts) => part && parts.indexOf(part) === at).join(': ') || line;
  } catch {
    return line;
  }
}
