import type { EntityManager } from 'typeorm';
import type { UserEntity } from './user.entity.js';

/** What callers see of a user. */
export type UserRow = Pick<
  UserEntity,
  'tenantId' | 'id' | 'email' | 'firstName' | 'lastName' | 'roles' | 'resellerId' | 'clientIds'
>;

export const userColumns = `
  tenant_id AS "tenantId", id, email, first_name AS "firstName", last_name AS "lastName", roles,
  reseller_id AS "resellerId", client_ids AS "clientIds"`;

export interface UsersWanted {
  tenantId: number;
  /** In the form of `search_text`; all users contain the empty text. */
  q: string;
  /** From 1. */
  page: number;
  size: number;
}

const matching = `FROM app_user WHERE tenant_id = $1 AND deleted_at IS NULL AND strpos(search_text, $2) > 0`;

/** A page of the users whose name or e-mail contains `q`, by last and first name, and how many there are on all pages. */
export const listedUsers = async (manager: EntityManager, { tenantId, q, page, size }: UsersWanted) => {
  const [{ total }]: [{ total: number }] = await manager.query(`SELECT count(*) AS total ${matching}`, [tenantId, q]);
  const rows: UserRow[] = await manager.query(
    `SELECT ${userColumns} ${matching} ORDER BY lower(last_name) COLLATE "unicode", lower(first_name) COLLATE "unicode", id LIMIT $3 OFFSET $4`,
    [tenantId, q, size, (page - 1) * size],
  );
  return { rows, total };
};
