import { Injectable } from '@nestjs/common';

type Check = () => unknown;

export interface HealthReport {
  status: 'ok' | 'unavailable';
  checks: Record<string, unknown>;
}

/** What has to work for this process to be of use. Each part of the process adds its own check. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, Check>();
  private readonly timeoutMs = 2_000;

  /** A check that throws makes the process not ready; what it returns is shown. */
  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  async report(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.run(check)] as const),
    );
    const ok = results.every(([, { error }]) => error === undefined);
    const shown = results.map(([name, { error, detail }]) => [name, error ? { error } : (detail ?? 'ok')]);
    return { status: ok ? 'ok' : 'unavailable', checks: Object.fromEntries(shown) };
  }

  private async run(check: Check): Promise<{ error?: string; detail?: unknown }> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs);
    try {
      return { detail: await Promise.race([Promise.resolve().then(check), late]) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
