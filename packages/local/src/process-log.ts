import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

const largestBytes = 64 * 1024 * 1024;
const warnings = new Set(['warn', 'error', 'fatal']);

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
    const lines = this.read(this.shownUntil);
    this.shownUntil += Buffer.byteLength(lines);
    if (this.shownUntil > largestBytes) this.startOver();
    const written = lines.split('\n').filter(Boolean);
    return written.flatMap((line) => {
      const { level, text } = parse(line);
      return everything || (level && warnings.has(level)) ? [`${this.name}: ${text}`] : [];
    });
  }

  /** The lines of this run that best say why it ended. */
  lastWords(): string {
    const lines = this.read(Math.max(this.runBegan, this.size() - 16_384))
      .split('\n')
      .filter(Boolean)
      .map(parse);
    const isStack = ({ text }: Line) => /^\s+at |^\s*\^|^Node\.js v/.test(text);
    const telling = lines.filter(({ level, text }) =>
      level ? level !== 'warn' && warnings.has(level) : isComplaint(text),
    );
    const said = telling.length > 0 ? telling : lines.filter((line) => !isStack(line));
    return said
      .slice(-4)
      .map(({ text }) => text.trimEnd())
      .join('\n');
  }

  /** Whole lines from a position on, at most 1 MiB of them. */
  private read(from: number): string {
    const size = Math.min(this.size() - from, 1024 * 1024);
    if (size <= 0) return '';
    const buffer = Buffer.alloc(size);
    const file = openSync(this.path, 'r');
    const length = readSync(file, buffer, 0, size, from);
    closeSync(file);
    return buffer.toString('utf8', 0, buffer.lastIndexOf('\n', length - 1) + 1);
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

interface Line {
  level?: string;
  text: string;
}

/** PostgreSQL and NATS write plain lines, the services JSON. */
function parse(line: string): Line {
  if (!line.startsWith('{')) return { text: line };
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: string; msg?: string; err?: { message?: string } };
    const reason = err?.message && err.message !== msg ? err.message : undefined;
    return { ...(level && { level }), text: [msg, reason].filter(Boolean).join(': ') || line };
  } catch {
    return { text: line };
  }
}

const isComplaint = (text: string) => /\b(FATAL|PANIC|HINT|error|\[FTL\]|[A-Z]\w*Error)\b/.test(text);
