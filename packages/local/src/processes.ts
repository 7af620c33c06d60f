import { startGuard } from './guard.js';
import { type Program, Supervised } from './supervised.js';

/** The processes of one launcher: the servers, and the apps that need them. */
export class Processes {
  private readonly guard = startGuard();
  private readonly servers: Supervised[] = [];
  private readonly apps: Supervised[] = [];
  private stopped: Promise<void> | null = null;

  constructor(private readonly report: (line: string) => void) {}

  get names(): string[] {
    return [...this.servers, ...this.apps].map(({ name }) => name);
  }

  get(name: string): Supervised {
    const process = [...this.servers, ...this.apps].find((process) => process.name === name);
    if (!process) throw new Error(`There is no process ${name}; there are ${this.names.join(', ')}`);
    return process;
  }

  startServer(program: Program): Promise<void> {
    return this.start(this.servers, program);
  }

  startApp(program: Program): Promise<void> {
    return this.start(this.apps, program);
  }

  /** Stops the apps, then what they need. Nothing can be started any more. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async start(list: Supervised[], program: Program): Promise<void> {
    if (this.stopped) throw new Error('Stopped while starting');
    const process = new Supervised(program, this.guard, this.report);
    list.push(process);
    await process.start();
  }

  private async stopAll(): Promise<void> {
    for (const list of [this.apps, this.servers]) await Promise.all(list.map((process) => process.stop()));
    await this.guard.close();
  }
}
