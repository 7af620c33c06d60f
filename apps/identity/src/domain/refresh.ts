/** What is kept of a login: its refresh tokens are numbered generations of one family. */
export interface RefreshFamily {
  /** The number of the token that is valid now, from 1. */
  generation: number;
  /** When its predecessor was spent; for the first one, when the user logged in. */
  rotatedAt: Date;
  /** Absolute: refreshing does not move it. */
  expiresAt: Date;
  revokedAt: Date | null;
}

/**
 * - `rotate`: the valid token; it is spent and its successor given
 * - `repeat`: the token spent last, and only just; its successor is given again, because the first answer may be lost
 *   or two tabs may have asked at once
 * - `revoke`: a token spent before. Two parties hold it and nobody can tell which is the thief, so the family ends
 * - `refuse`: the family has already ended
 */
export type RefreshVerdict = 'rotate' | 'repeat' | 'revoke' | 'refuse';

const graceMs = 30_000;

/**
 * What to do with an authentic refresh token of this generation.
 * Source: RFC 9700 (OAuth 2.0 Security Best Current Practice), section 4.14.2, refresh token rotation.
 */
export const judgeRefresh = (family: RefreshFamily, generation: number, now: Date): RefreshVerdict => {
  if (family.revokedAt !== null || now >= family.expiresAt) return 'refuse';
  if (generation === family.generation) return 'rotate';
  const isPredecessor = generation === family.generation - 1;
  return isPredecessor && now.getTime() - family.rotatedAt.getTime() <= graceMs ? 'repeat' : 'revoke';
};
