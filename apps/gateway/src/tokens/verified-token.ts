import type { Principal } from '@countinghouse/contracts';

export interface VerifiedToken {
  principal: Principal;
  /** Names whoever holds it in the rate limits: one person's tokens share one quota. */
  holder: string;
  expiresAtMs: number;
}
