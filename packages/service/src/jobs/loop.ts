import { logger } from '../logging/logger.js';

/**
 * Work that goes on for as long as the process does: again at once while there is more, else when woken or after a
 * pause. A failure is logged once, not at every try, and the end of it too.
 */
export class Loop {
  private running: Promise<void> | null = null;
  private stopping = false;
  private woken = false;
  private endPause: () => void = () => {};
  private failing = false;

  /** @param pass answers whether there may be more to do */
  constructor(
    private readonly name: string,
    private readonly pauseMs: number,
    private readonly pass: () => Promise<boolean>,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.endPause();
  }

  /** Resolves when the pass in progress has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.endPause();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      const more = await this.tryPass();
      if (!more && !this.woken && !this.stopping) await this.pause();
    }
  }

  private async tryPass(): Promise<boolean> {
    try {
      const more = await this.pass();
      if (this.failing) logger().info(`${this.name}: works again`);
      this.failing = false;
      return more;
    } catch (error) {
      if (!this.failing) logger().warn({ err: error }, `${this.name}: fails, trying again`);
      this.failing = true;
      this.woken = false; // a failure is not tried again without a pause
      return false;
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.pauseMs);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
