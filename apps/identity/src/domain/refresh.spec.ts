import { describe, expect, it } from '@jest/globals';
import { judgeRefresh, type RefreshFamily, type RefreshVerdict } from './refresh.js';

const rotatedAt = new Date('2026-03-01T12:00:00Z');
const after = (seconds: number) => new Date(rotatedAt.getTime() + seconds * 1000);
const family: RefreshFamily = { generation: 5, rotatedAt, expiresAt: after(86_400), revokedAt: null };

describe('a refresh token', () => {
  it.each<[string, number, number, RefreshVerdict]>([
    ['the valid one is spent', 5, 1, 'rotate'],
    ['the valid one is spent, however old', 5, 86_399, 'rotate'],
    ['the valid one is of no use once the family has expired', 5, 86_400, 'refuse'],
    ['its predecessor has 30 seconds of grace', 4, 30, 'repeat'],
    ['its predecessor ends the family after 30 seconds', 4, 30.001, 'revoke'],
    ['an older one ends the family at once', 3, 1, 'revoke'],
    ['one that was never given, after a restored backup for instance, ends the family', 6, 1, 'revoke'],
    ['a predecessor is of no use once the family has expired', 4, 86_400, 'refuse'],
  ])('%s', (_, generation, seconds, verdict) => {
    expect(judgeRefresh(family, generation, after(seconds))).toBe(verdict);
  });

  it.each([5, 4, 3])('of generation %d is of no use once the family is revoked', (generation) => {
    expect(judgeRefresh({ ...family, revokedAt: rotatedAt }, generation, after(1))).toBe('refuse');
  });

  it('is judged by instants of the database, where another replica may have rotated a moment later', () => {
    expect(judgeRefresh(family, 4, after(-0.5))).toBe('repeat');
  });
});
