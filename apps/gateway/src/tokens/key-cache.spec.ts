import { describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { cachedKeys } from './key-cache.js';

const keyNamed = async (kid: string) => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateKey);
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' }, token };
};
const old = await keyNamed('old');
const fresh = await keyNamed('fresh');

/** An issuer whose keys can be changed, and a clock. */
const cacheOver = () => {
  const world = { keys: [old.jwk], asked: 0, away: false, now: 0 };
  const keys = cachedKeys(
    async () => {
      world.asked += 1;
      if (world.away) throw new Error('away');
      return { keys: world.keys };
    },
    { now: () => world.now },
  );
  return { world, verify: ({ token }: { token: string }) => jwtVerify(token, keys) };
};

describe('the keys of an issuer', () => {
  it('are asked for once, also when many tokens come at once', async () => {
    const { world, verify } = cacheOver();
    await Promise.all([old, old, old].map(verify));
    await verify(old);
    expect(world.asked).toBe(1);
  });

  it('are asked for again when a token names an unknown one, but not sooner than half a minute later', async () => {
    const { world, verify } = cacheOver();
    await verify(old);
    world.keys = [old.jwk, fresh.jwk];
    world.now = 29_999;
    await expect(verify(fresh)).rejects.toThrow('no applicable key');
    expect(world.asked).toBe(1);
    world.now = 30_000;
    await verify(fresh);
    expect(world.asked).toBe(2);
  });

  it('end when they are withdrawn, ten minutes later at most', async () => {
    const { world, verify } = cacheOver();
    await verify(old);
    world.keys = [fresh.jwk];
    world.now = 600_001;
    await expect(verify(old)).rejects.toThrow('no applicable key');
  });

  it('serve on while their issuer is away', async () => {
    const { world, verify } = cacheOver();
    await verify(old);
    world.away = true;
    world.now = 600_001;
    await verify(old);
    expect(world.asked).toBe(2);
  });

  it('are asked for with every token until they were there once', async () => {
    const { world, verify } = cacheOver();
    world.away = true;
    await expect(verify(old)).rejects.toThrow('away');
    world.away = false;
    await verify(old);
    expect(world.asked).toBe(2);
  });
});
