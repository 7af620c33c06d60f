import { DomainError } from '@countinghouse/contracts';
import type { FastifyReply } from 'fastify';
import type { Load } from '../http/route.js';

/**
 * The requests that are being answered. More than `limit` are refused at once: a queue would only make everybody late.
 * Long ones, such as uploads and event streams, are counted apart, so that they cannot crowd out the short.
 */
export class InFlight {
  private short = 0;
  private long = 0;

  constructor(
    private readonly limit: number,
    private readonly longLimit = Math.ceil(limit / 4),
  ) {}

  /** @throws DomainError `unavailable` when there are too many */
  enter({ raw }: FastifyReply, load: Load): void {
    if (load === 'none') return;
    const isLong = load === 'long';
    if (isLong ? this.long >= this.longLimit : this.short >= this.limit) {
      throw new DomainError('unavailable', 'Too much is under way, try again shortly', { retryAfterSeconds: 1 });
    }
    // `close` comes once for every response, also when its caller is gone before it is written.
    if (isLong) {
      this.long += 1;
      raw.once('close', this.leaveLong);
    } else {
      this.short += 1;
      raw.once('close', this.leave);
    }
  }

  get none(): boolean {
    return this.short + this.long === 0;
  }

  private readonly leave = (): void => {
    this.short -= 1;
  };

  private readonly leaveLong = (): void => {
    this.long -= 1;
  };
}
