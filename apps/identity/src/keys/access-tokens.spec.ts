import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type Principal, principalOfClaims } from '@countinghouse/contracts';
import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, jwtVerify } from 'jose';
import { AccessTokens } from './access-tokens.js';

const issuer = 'https://finance.example';
const audience = 'countinghouse';
const { privateKey } = generateKeyPairSync('ed25519');
const ada: Principal = { tenantId: 7, userId: '7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11', roles: ['admin', 'member'] };

const tokensOf = (key = privateKey, previousPublicKeys = [] as ReturnType<typeof createPublicKey>[]) =>
  AccessTokens.with({ issuer, audience, privateKey: key, previousPublicKeys });

const verified = (token: string, { keys }: AccessTokens) =>
  jwtVerify(token, createLocalJWKSet(keys), { issuer, audience, typ: 'at+jwt' });

describe('an access token', () => {
  it('is verified with the published keys and says who asks', async () => {
    const tokens = await tokensOf();
    const { payload, protectedHeader } = await verified(await tokens.sign(ada), tokens);
    expect(principalOfClaims(payload)).toEqual(ada);
    expect(protectedHeader).toEqual({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: await calculateJwkThumbprint(await exportJWK(createPublicKey(privateKey))),
    });
    expect(payload.exp! - payload.iat!).toBe(900);
  });

  it('has an id of its own', async () => {
    const tokens = await tokensOf();
    const [one, other] = await Promise.all(
      [tokens.sign(ada), tokens.sign(ada)].map(async (token) => verified(await token, tokens)),
    );
    expect(one!.payload.jti).not.toBe(other!.payload.jti);
  });

  it('outlives a change of keys, because the previous key stays published', async () => {
    const before = await tokensOf();
    const token = await before.sign(ada);
    const after = await tokensOf(generateKeyPairSync('ed25519').privateKey, [createPublicKey(privateKey)]);
    expect((await verified(token, after)).payload.sub).toBe(ada.userId);
    expect((await verified(await after.sign(ada), after)).payload.sub).toBe(ada.userId);
    await expect(verified(await after.sign(ada), before)).rejects.toThrow();
  });
});

describe('the published keys', () => {
  it('hold nothing private', async () => {
    const { keys } = (await tokensOf()).keys;
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']]);
  });
});
