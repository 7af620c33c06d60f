import { type Principal, type Role, roles } from './call.js';

/** `typ` of our access tokens (RFC 9068, section 2.1). */
export const accessTokenType = 'at+jwt';

/** What our access tokens say besides `iss`, `aud`, `exp`, `iat` and `jti`. */
export interface TokenClaims {
  /** The user's id; for a machine client its own id. */
  sub: string;
  /** RFC 9068 wants it always; a machine client is one whose `sub` it is. */
  client_id: string;
  /** 0 for the platform admin. */
  tenant_id: number;
  roles: Role[];
  reseller_id?: string;
  client_ids?: string[];
}

const ownClient = 'countinghouse';

/** What identity signs for somebody. */
export function claimsOf({ tenantId, userId, clientId, roles, resellerId, clientIds }: Principal): TokenClaims {
  const sub = userId ?? clientId;
  if (sub === undefined) throw new TypeError('A principal has a userId or a clientId');
  return {
    sub,
    client_id: clientId ?? ownClient,
    tenant_id: tenantId,
    roles,
    ...(resellerId !== undefined && { reseller_id: resellerId }),
    ...(clientIds !== undefined && { client_ids: clientIds }),
  };
}

/** Whom the claims of a verified token speak of; `null` when they are not of the form above. */
export function principalOfClaims(claims: { [claim: string]: unknown }): Principal | null {
  const { sub, client_id, tenant_id, reseller_id, client_ids } = claims;
  const granted = claims.roles;
  if (typeof sub !== 'string' || sub === '' || !Number.isSafeInteger(tenant_id) || !isRoles(granted)) return null;
  if (reseller_id !== undefined && typeof reseller_id !== 'string') return null;
  if (client_ids !== undefined && !isStrings(client_ids)) return null;
  return {
    tenantId: tenant_id as number,
    ...(sub === client_id ? { clientId: sub } : { userId: sub }),
    roles: granted,
    ...(reseller_id !== undefined && { resellerId: reseller_id }),
    ...(client_ids !== undefined && { clientIds: client_ids }),
  };
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isRoles = (value: unknown): value is Role[] =>
  isStrings(value) && value.length > 0 && value.every((role) => (roles as readonly string[]).includes(role));
