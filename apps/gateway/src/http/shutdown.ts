import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { VerifiedToken } from '../tokens/verified-token.js';

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

  /** Aborts when the process stops, or when the token that opened the way is no longer good. */
  orExpiryOf(token: VerifiedToken | null): AbortSignal {
    const leftMs = Math.min(maxOpenMs, Math.max(0, (token?.expiresAtMs ?? 0) - Date.now()));
    return AbortSignal.any([this.stopping.signal, AbortSignal.timeout(leftMs)]);
  }
}
