import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Whatever a token of another issuer allows; the caller connects again. */
const maxOpenMs = 60 * 60 * 1000;

/** Tells what would otherwise go on for ever that the process is stopping. */
@Injectable()
export class Shutdown implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  get begun(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Aborts when the process stops, the caller has gone, or the token that opened the way is no longer good. */
  endOf({ token }: FastifyRequest, { raw }: FastifyReply): AbortSignal {
    const leftMs = Math.min(maxOpenMs, Math.max(0, (token?.expiresAtMs ?? 0) - Date.now()));
    const gone = new AbortController();
    raw.once('close', () => gone.abort());
    return AbortSignal.any([this.stopping.signal, gone.signal, AbortSignal.timeout(leftMs)]);
  }
}
