import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { foreignIssuer, foreignPrincipal } from './issuer.js';
import { TokenVerifier } from './token-verifier.js';
import { type TrustedIssuer, trustedIssuers } from './trusted-issuers.js';

const trusted = (changes: object = {}): TrustedIssuer => {
  const settings = {
    issuer: 'https://id.example',
    jwksUrl: 'https://id.example/keys',
    audience: 'finance',
    tenants: [3],
    claims: { roles: 'realm_access.roles' },
    roles: { accountants: 'admin', artists: 'member' },
    ...changes,
  };
  return trustedIssuers.parse(JSON.stringify([settings]))[0]!;
};

const userId = '0198c0de-0000-4000-8000-000000000001';
const claims = { sub: userId, realm_access: { roles: ['artists', 'gardeners'] } };

describe('what the claims of another issuer mean', () => {
  it('is what its settings say, and only the roles they name', () => {
    expect(foreignPrincipal(trusted(), claims)).toEqual({ tenantId: 3, userId, roles: ['member'] });
  });

  it('is the same user id every time where the issuer has no UUIDs', () => {
    const [first, again, other] = ['u1', 'u1', 'u2'].map(
      (sub) => foreignPrincipal(trusted(), { ...claims, sub })?.userId,
    );
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('is a tenant among those it may speak for', () => {
    const several = trusted({ tenants: [3, 4], claims: { tenantId: 'org', roles: 'groups' } });
    const groups = 'accountants';
    expect(foreignPrincipal(several, { sub: 'u1', groups, org: 4 })?.tenantId).toBe(4);
    expect(foreignPrincipal(several, { sub: 'u1', groups, org: 5 })).toBeNull();
    expect(foreignPrincipal(several, { sub: 'u1', groups })).toBeNull();
  });

  it('is a machine client where it has a claim for that', () => {
    const machines = trusted({ claims: { clientId: 'azp', roles: 'realm_access.roles' } });
    expect(foreignPrincipal(machines, { ...claims, azp: 'importer' })).toEqual({
      tenantId: 3,
      clientId: 'importer',
      roles: ['member'],
    });
  });

  it.each([
    ['no role that counts here', { ...claims, realm_access: { roles: ['gardeners'] } }],
    ['the name of something every object has', { ...claims, realm_access: { roles: ['constructor'] } }],
    ['no roles', { sub: 'u1' }],
    ['no subject', { ...claims, sub: undefined }],
  ])('is nobody with %s', (_, said) => {
    expect(foreignPrincipal(trusted(), said as never)).toBeNull();
  });
});

describe('the settings of another issuer', () => {
  it.each([
    ['it would make platform admins', { roles: { root: 'platform_admin' } }],
    ['its tokens might be signed with a shared secret', { algorithms: ['HS256'] }],
    ['nothing says which of its tenants', { tenants: [1, 2] }],
    ['it speaks for no tenant', { tenants: [] }],
    ['there is a setting nobody knows', { tenant: 1 }],
  ])('are refused when %s', (_, changes) => {
    expect(() => trusted(changes)).toThrow();
  });

  it('are refused when they are not JSON', () => {
    expect(trustedIssuers.safeParse('nonsense').error?.issues[0]?.message).toBe('expected a JSON array of issuers');
  });
});

describe('a token of another issuer', () => {
  const now = Date.now();
  let verifier: TokenVerifier;
  let sign: (changes?: object) => Promise<string>;
  const server = createServer();

  beforeAll(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' };
    server.on('request', (request, response) => {
      if (request.url !== '/keys') response.writeHead(500);
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await once(server.listen(0), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    verifier = new TokenVerifier([
      foreignIssuer(trusted({ jwksUrl: `${url}/keys` })),
      foreignIssuer(trusted({ issuer: 'https://broken.example', jwksUrl: `${url}/broken` })),
    ]);
    sign = (changes = {}) =>
      new SignJWT({ ...claims, iss: 'https://id.example', aud: 'finance', exp: now / 1000 + 60, ...changes })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .sign(privateKey);
  });
  afterAll(() => void server.close());

  it('is verified by the keys that the issuer publishes', async () => {
    const { principal } = await verifier.verify(`Bearer ${await sign()}`);
    expect(principal).toEqual({ tenantId: 3, userId, roles: ['member'] });
  });

  it('is the same user id every time where the issuer has no UUIDs', () => {
    const [first, again, other] = ['u1', 'u1', 'u2'].map(
      (sub) => foreignPrincipal(trusted(), { ...claims, sub })?.userId,
    );
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('is refused when it was made for another audience', async () => {
    const forAnother = `Bearer ${await sign({ aud: 'shop' })}`;
    await expect(verifier.verify(forAnother)).rejects.toMatchObject({ reply: { message: 'Invalid token' } });
  });

  it('cannot be judged while the issuer does not give its keys', async () => {
    const ofBroken = `Bearer ${await sign({ iss: 'https://broken.example' })}`;
    await expect(verifier.verify(ofBroken)).rejects.toMatchObject({ reply: { code: 'unavailable' } });
  });
});
