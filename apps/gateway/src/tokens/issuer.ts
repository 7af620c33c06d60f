import { hash } from 'node:crypto';
import { accessTokenType, DomainError, type Principal, principalOfClaims, type Role } from '@countinghouse/contracts';
import { logger } from '@countinghouse/service/process';
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from 'jose';
import { cachedKeys } from './key-cache.js';
import type { TrustedIssuer } from './trusted-issuers.js';

/** One who signs tokens that are accepted here, and how theirs are read. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: string[];
  readonly typ?: string;
  readonly keys: JWTVerifyGetKey;
  /** `null` when the claims do not say enough. */
  readonly principalOf: (claims: JWTPayload) => Principal | null;
}

export const ownIssuer = (issuer: string, audience: string, keys: JWTVerifyGetKey): Issuer => ({
  issuer,
  audience,
  algorithms: ['EdDSA', 'Ed25519', 'ES256'],
  typ: accessTokenType,
  keys,
  principalOf: principalOfClaims,
});

export const foreignIssuer = (trusted: TrustedIssuer): Issuer => ({
  issuer: trusted.issuer,
  audience: trusted.audience,
  algorithms: trusted.algorithms,
  keys: cachedKeys(() => keysAt(trusted.jwksUrl)),
  principalOf: (claims) => foreignPrincipal(trusted, claims),
});

/** What the issuer's claims mean here. It speaks only for its own tenants and gives only the roles it is allowed to. */
export function foreignPrincipal(trusted: TrustedIssuer, payload: JWTPayload): Principal | null {
  const { issuer, tenants, claims, roles } = trusted;
  const at = (path: string | undefined) => (path === undefined ? undefined : valueAt(payload, path));
  const tenantId = claims.tenantId === undefined ? tenants[0] : Number(at(claims.tenantId));
  if (tenantId === undefined || !tenants.includes(tenantId)) return null;
  const granted = [at(claims.roles) ?? []].flat().flatMap((role) => grantedRole(roles, role));
  return principalOfClaims({
    sub: at(claims.clientId) ?? userIdOf(issuer, at(claims.userId)),
    client_id: at(claims.clientId),
    tenant_id: tenantId,
    roles: [...new Set(granted)],
    reseller_id: at(claims.resellerId),
    client_ids: at(claims.clientIds),
  });
}

/** User ids are UUIDs here; whoever is called otherwise elsewhere always gets the same one (RFC 9562, 5.8). */
function userIdOf(issuer: string, subject: unknown): unknown {
  if (typeof subject !== 'string' || subject === '' || isUuid.test(subject)) return subject;
  const digest = hash('sha256', `${issuer}\n${subject}`, 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

const isUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function keysAt(url: string): Promise<JSONWebKeySet> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return (await response.json()) as JSONWebKeySet;
  } catch (error) {
    logger().warn({ err: error, url }, "an issuer's keys cannot be had");
    throw new DomainError('unavailable', "The token's issuer cannot be reached", { retryAfterSeconds: 5 });
  }
}

const grantedRole = (roles: TrustedIssuer['roles'], role: unknown): Role[] => {
  const granted = typeof role === 'string' && Object.hasOwn(roles, role) ? roles[role] : undefined;
  return granted ? [granted] : [];
};

const valueAt = (claims: unknown, path: string): unknown =>
  path.split('.').reduce((value, name) => {
    const holds = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return holds ? (value as Record<string, unknown>)[name] : undefined;
  }, claims);
