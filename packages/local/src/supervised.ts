import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Guard } from './guard.js';

/** One kind of process: how it is started, known to be usable, and stopped. */
export interface Program {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
  /** Clears away what an earlier run left behind. */
  prepare?(): Promise<void>;
  spawn(): ChildProcess;
  /** Asked again and again while it starts. */
  isReady(): Promise<boolean>;
  /** What it said before it ended. */
  lastWords(): string;
}

interface Run {
  child: ChildProcess;
  /** Resolves when it has ended, with how it did. */
  ended: Promise<string>;
}

const pollMs = 20;
const readyWithinMs = 180_000;
const stopWithinMs = 40_000;
const firstPauseMs = 250;
const longestPauseMs = 15_000;
/** After this long a process counts as sound: when it dies, the first pause before its next start is short again. */
const soundAfterMs = 60_000;

/** A process that is started again when it dies of itself. */
export class Supervised {
  private run: Run | null = null;
  private pauseMs = firstPauseMs;
  /** Counts what was asked from outside, so that a start under way knows when it is out of date. */
  private asked = 0;

  constructor(
    private readonly program: Program,
    private readonly guard: Guard,
    private readonly report: (line: string) => void,
  ) {}

  get name(): string {
    return this.program.name;
  }

  get pid(): number | undefined {
    return this.run?.child.pid;
  }

  /** Starts the process and waits until it can be used. */
  async start(): Promise<void> {
    await this.launch(++this.asked);
  }

  /** Asks the process to end, and makes it end when it does not. */
  async stop(): Promise<void> {
    await this.kill(this.program.stopSignal);
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends the process with a signal and leaves it ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.asked++;
    const { run } = this;
    if (!run) return;
    run.child.kill(signal);
    const force = setTimeout(() => run.child.kill('SIGKILL'), stopWithinMs);
    await run.ended;
    clearTimeout(force);
  }

  private async launch(asked: number): Promise<void> {
    await this.program.prepare?.();
    if (asked !== this.asked) throw new Error(`${this.name} was stopped while it started`);
    const run = this.spawn();
    await this.untilReady(run);
    const readyAt = performance.now();
    void run.ended.then((how) => {
      if (performance.now() - readyAt > soundAfterMs) this.pauseMs = firstPauseMs;
      const what = `${this.name} ended unexpectedly (${how})`;
      // Killed from outside, it had no time to say why.
      return this.comeBack(asked, how.startsWith('SIG') ? what : this.explain(what));
    });
  }

  private async comeBack(asked: number, why: string): Promise<void> {
    for (let reason = why; asked === this.asked; ) {
      this.report(`${reason}\n${this.name} is started again.`);
      await delay(this.pauseMs, undefined, { ref: false });
      this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
      if (asked !== this.asked) return;
      try {
        return await this.launch(asked);
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
  }

  private spawn(): Run {
    const child = this.program.spawn();
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const run = { child, ended };
    const end = (how: string) => {
      if (child.pid) this.guard.forget(child.pid);
      if (this.run === run) this.run = null;
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    if (child.pid) this.guard.watch(child.pid);
    this.run = run;
    return run;
  }

  private async untilReady(run: Run): Promise<void> {
    const deadline = performance.now() + readyWithinMs;
    while (this.run === run) {
      if ((await this.program.isReady()) && this.run === run) return;
      if (performance.now() > deadline) {
        run.child.kill('SIGKILL');
        throw new Error(this.explain(`${this.name} was not ready within ${readyWithinMs / 1_000} s`));
      }
      await Promise.race([delay(pollMs), run.ended]);
    }
    throw new Error(this.explain(`${this.name} did not start (${await run.ended})`));
  }

  private explain(what: string): string {
    const words = this.program.lastWords();
    return words ? `${what}:\n${words}` : what;
  }
}
