import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

export interface KeyCacheOptions {
  /** An unknown key is looked for again only after this time, so that forged tokens cost nothing. */
  cooldownMs?: number;
  /** Keys older than this are asked for again, so that a withdrawn key ends; older ones serve while nobody answers. */
  maxAgeMs?: number;
  now?: () => number;
}

/** An issuer's keys, asked for once and again when a token names a key that is not among them. */
export function cachedKeys(
  ask: () => Promise<JSONWebKeySet>,
  { cooldownMs = 30_000, maxAgeMs = 600_000, now = Date.now }: KeyCacheOptions = {},
): JWTVerifyGetKey {
  let known: JWTVerifyGetKey | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const refresh = (): Promise<void> => {
    askedAt = now();
    asking ??= ask()
      .then((keys) => {
        known = createLocalJWKSet(keys);
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };

  return async (header, token) => {
    if (!known) await refresh();
    else if (now() - askedAt > maxAgeMs) await refresh().catch(() => {});
    try {
      return await keysOf(known)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || now() - askedAt < cooldownMs) throw error;
      await refresh();
      return await keysOf(known)(header, token);
    }
  };
}

function keysOf(known: JWTVerifyGetKey | undefined): JWTVerifyGetKey {
  if (!known) throw new Error('The keys were asked for and are not there');
  return known;
}
