import { accessTokenType, claimsOf, DomainError, type Principal } from '@countinghouse/contracts';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  base64url,
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { ownIssuer } from './issuer.js';
import { cachedKeys } from './key-cache.js';
import { TokenVerifier } from './token-verifier.js';

const issuer = 'https://countinghouse.example';
const audience = 'countinghouse';
const now = Date.UTC(2026, 10, 20, 12);
const seconds = now / 1000;

const own = await generateKeyPair('EdDSA', { extractable: true });
const elliptic = await generateKeyPair('ES256', { extractable: true });
const foreign = await generateKeyPair('EdDSA');
const published = {
  keys: [
    { ...(await exportJWK(own.publicKey)), kid: 'ed', alg: 'EdDSA' },
    { ...(await exportJWK(elliptic.publicKey)), kid: 'es', alg: 'ES256' },
  ],
};

const ada: Principal = { tenantId: 1, userId: '7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11', roles: ['member'] };
const claims: JWTPayload = { ...claimsOf(ada), iss: issuer, aud: audience, iat: seconds, exp: seconds + 900 };

interface Forgery {
  header?: Partial<JWTHeaderParameters>;
  claims?: JWTPayload;
  key?: CryptoKey | Uint8Array;
}

const tokenOf = ({ header, claims: changes, key = own.privateKey }: Forgery = {}): Promise<string> =>
  new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid: 'ed', ...header })
    .sign(key);

const encoded = (value: object) => base64url.encode(JSON.stringify(value));

let clock: number;
let verifier: TokenVerifier;
beforeEach(() => {
  clock = now;
  const keys = cachedKeys(async () => published);
  verifier = new TokenVerifier([ownIssuer(issuer, audience, keys)], () => clock);
});

const refusal = { reply: { code: 'unauthorized', message: 'Invalid token' } };

describe('a token of ours', () => {
  it('says whom it speaks for', async () => {
    const token = await verifier.verify(`Bearer ${await tokenOf()}`);
    expect(token).toEqual({
      principal: ada,
      holder: 'user 1 7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11',
      expiresAtMs: now + 900_000,
    });
  });

  it('may be signed with ES256', async () => {
    const jwt = await tokenOf({ header: { alg: 'ES256', kid: 'es' }, key: elliptic.privateKey });
    expect((await verifier.verify(`bearer ${jwt}`)).principal).toEqual(ada);
  });

  it('is remembered for a minute, and never longer than it is good', async () => {
    const lasting = `Bearer ${await tokenOf()}`;
    const short = `Bearer ${await tokenOf({ claims: { exp: seconds + 30 } })}`;
    for (const authorization of [lasting, short]) await verifier.verify(authorization);
    clock = now + 29_999;
    expect(verifier.known(short)?.principal).toEqual(ada);
    clock = now + 30_000;
    expect(verifier.known(short)).toBeUndefined();
    expect(verifier.known(lasting)?.principal).toEqual(ada);
    clock = now + 60_000;
    expect(verifier.known(lasting)).toBeUndefined();
  });

  it('that was refused is not remembered', async () => {
    const forged = `Bearer ${await tokenOf({ key: foreign.privateKey })}`;
    await expect(verifier.verify(forged)).rejects.toMatchObject(refusal);
    expect(verifier.known(forged)).toBeUndefined();
  });
});

describe('a forged token', () => {
  const withPublicKeyAsSecret = async () =>
    tokenOf({ header: { alg: 'HS256' }, key: new TextEncoder().encode(await exportSPKI(own.publicKey)) });
  const changed = async () => {
    const [header, , signature] = (await tokenOf()).split('.');
    return `${header}.${encoded({ ...claims, roles: ['admin'] })}.${signature}`;
  };
  const unsigned = (alg: string) => `${encoded({ alg, typ: accessTokenType, kid: 'ed' })}.${encoded(claims)}.`;

  it.each<[string, () => Promise<string> | string]>([
    ['is signed by somebody else', () => tokenOf({ key: foreign.privateKey })],
    [
      'brings its own key',
      async () => tokenOf({ key: foreign.privateKey, header: { jwk: await exportJWK(foreign.publicKey) } }),
    ],
    ['names a key that there is not', () => tokenOf({ header: { kid: 'other' }, key: foreign.privateKey })],
    ['names the key of another algorithm', () => tokenOf({ header: { kid: 'es' } })],
    ['has no signature (alg none)', () => unsigned('none')],
    ['has no signature (alg NONE)', () => `${unsigned('NONE')}x`],
    ['uses the public key as a shared secret', withPublicKeyAsSecret],
    ['has changed claims', changed],
    ['is for somebody else', () => tokenOf({ claims: { aud: 'another' } })],
    ['is for nobody', () => tokenOf({ claims: { aud: undefined } })],
    ['is of another issuer', () => tokenOf({ claims: { iss: 'https://evil.example' } })],
    ['is of no issuer', () => tokenOf({ claims: { iss: undefined } })],
    ['has expired', () => tokenOf({ claims: { exp: seconds - 6 } })],
    ['never expires', () => tokenOf({ claims: { exp: undefined } })],
    ['is not valid yet', () => tokenOf({ claims: { nbf: seconds + 60 } })],
    ['is no access token', () => tokenOf({ header: { typ: 'JWT' } })],
    ['has no type', () => tokenOf({ header: { typ: undefined } })],
    ['speaks for nobody', () => tokenOf({ claims: { sub: undefined } })],
    ['has no tenant', () => tokenOf({ claims: { tenant_id: undefined } })],
    ['has a role that there is not', () => tokenOf({ claims: { roles: ['root'] } })],
    ['is no token', () => 'a.b.c'],
    ['is empty', () => ''],
  ])('is refused when it %s', async (_, forge) => {
    await expect(verifier.verify(`Bearer ${await forge()}`)).rejects.toMatchObject(refusal);
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a.b.c d'])(
    'is refused as %p in the header',
    async (authorization) => {
      await expect(verifier.verify(authorization)).rejects.toMatchObject(refusal);
    },
  );
});

describe('the keys', () => {
  it('that cannot be had make it a failure of ours, not of the token', async () => {
    const away = new DomainError('unavailable', 'The service cannot be reached');
    const keys = cachedKeys(() => Promise.reject(away));
    verifier = new TokenVerifier([ownIssuer(issuer, audience, keys)], () => now);
    await expect(verifier.verify(`Bearer ${await tokenOf()}`)).rejects.toBe(away);
  });
});
