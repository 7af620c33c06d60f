import { randomUUID } from 'node:crypto';
import type { Principal, Role } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { boundsOf } from '../domain/grant.js';
import type { RefreshFamily } from '../domain/refresh.js';

/** Somebody whose e-mail address it is. */
export interface Candidate {
  tenantId: number;
  id: string;
  passwordHash: string;
}

/** A login that goes on, and who it is of. */
export interface Session {
  familyId: string;
  principal: Principal;
}

/** Refresh tokens of a login are good for this long, however often they are refreshed. */
const lifetime = '30 days';

/** Everybody with that e-mail address and a password, in every tenant. */
export const findCandidates = (manager: EntityManager, emailKey: string): Promise<Candidate[]> =>
  manager.query(`SELECT tenant_id AS "tenantId", id, password_hash AS "passwordHash" FROM login_candidates($1)`, [
    emailKey,
  ]);

export const replacePassword = (
  manager: EntityManager,
  { tenantId, id, passwordHash }: Candidate,
  next: string,
): Promise<unknown> =>
  manager.query(`UPDATE app_user SET password_hash = $4 WHERE tenant_id = $1 AND id = $2 AND password_hash = $3`, [
    tenantId,
    id,
    passwordHash,
    next,
  ]);

/**
 * Begins a session of a user whose password was just checked. `null` when the user was deleted or has another password
 * by now: the row is locked, so that a change of the password either comes first or ends this session too.
 */
export const beginSession = async (
  manager: EntityManager,
  { tenantId, id, passwordHash }: Candidate,
): Promise<Session | null> => {
  const familyId = randomUUID();
  await manager.query(`DELETE FROM refresh_family WHERE tenant_id = $1 AND user_id = $2 AND expires_at < now()`, [
    tenantId,
    id,
  ]);
  const [account]: AccountRow[] = await manager.query(
    `WITH account AS (
       SELECT tenant_id, id, roles, reseller_id, client_ids FROM app_user
       WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND deleted_at IS NULL
       FOR SHARE
     ), session AS (
       INSERT INTO refresh_family (tenant_id, id, user_id, expires_at)
       SELECT tenant_id, $4, id, now() + interval '${lifetime}' FROM account
     )
     SELECT tenant_id AS "tenantId", id AS "userId", roles, reseller_id AS "resellerId", client_ids AS "clientIds"
     FROM account`,
    [tenantId, id, passwordHash, familyId],
  );
  return account ? { familyId, principal: principalOf(account) } : null;
};

export interface StoredSession extends Session {
  family: RefreshFamily;
  /** The database's clock, which all replicas share. */
  now: Date;
}

/** A session of a user who still exists, locked, with the roles the user has today. */
export const findSession = async (
  manager: EntityManager,
  tenantId: number,
  familyId: string,
): Promise<StoredSession | null> => {
  const [row]: (AccountRow & RefreshFamily & { now: Date })[] = await manager.query(
    `SELECT family.generation, family.rotated_at AS "rotatedAt", family.expires_at AS "expiresAt",
            family.revoked_at AS "revokedAt", clock_timestamp() AS now,
            account.tenant_id AS "tenantId", account.id AS "userId", account.roles,
            account.reseller_id AS "resellerId", account.client_ids AS "clientIds"
     FROM refresh_family AS family
     JOIN app_user AS account ON account.tenant_id = family.tenant_id AND account.id = family.user_id
     WHERE family.tenant_id = $1 AND family.id = $2 AND account.deleted_at IS NULL
     FOR UPDATE OF family`,
    [tenantId, familyId],
  );
  return row ? { familyId, principal: principalOf(row), family: row, now: row.now } : null;
};

/** Spends the valid token. */
export const rotateSession = (manager: EntityManager, tenantId: number, familyId: string): Promise<unknown> =>
  manager.query(
    `UPDATE refresh_family SET generation = generation + 1, rotated_at = clock_timestamp()
     WHERE tenant_id = $1 AND id = $2`,
    [tenantId, familyId],
  );

export const endSession = (manager: EntityManager, tenantId: number, familyId: string): Promise<unknown> =>
  manager.query(
    `UPDATE refresh_family SET revoked_at = now() WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL`,
    [tenantId, familyId],
  );

/** All of a user's sessions. */
export const endSessions = (manager: EntityManager, tenantId: number, userId: string): Promise<unknown> =>
  manager.query(
    `UPDATE refresh_family SET revoked_at = now() WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL`,
    [tenantId, userId],
  );

interface AccountRow {
  tenantId: number;
  userId: string;
  roles: Role[];
  resellerId: string | null;
  clientIds: string[] | null;
}

const principalOf = ({ tenantId, userId, roles, ...bounds }: AccountRow): Principal => ({
  tenantId,
  userId,
  roles,
  ...boundsOf(bounds),
});
