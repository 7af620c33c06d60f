import type { TenantChanged, UserChanged } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

/** Whether each of the users that have been heard of is deleted. */
export async function knownUsers(
  manager: EntityManager,
  tenantId: number,
  ids: readonly string[],
): Promise<Map<string, boolean>> {
  const rows: { id: string; deleted: boolean }[] = await manager.query(
    `SELECT id, deleted FROM known_user WHERE tenant_id = $1 AND id = ANY ($2)`,
    [tenantId, ids],
  );
  return new Map(rows.map(({ id, deleted }) => [id, deleted]));
}

export const saveUsers = async (
  manager: EntityManager,
  tenantId: number,
  users: readonly UserChanged[],
): Promise<void> => {
  await manager.query(
    `INSERT INTO known_user AS known (tenant_id, id, email, first_name, last_name, deleted, version)
     SELECT $1, id, email, "firstName", "lastName", deleted, version
     FROM json_to_recordset($2) AS heard
       (id uuid, email text, "firstName" text, "lastName" text, deleted boolean, version integer)
     ORDER BY id
     ON CONFLICT (tenant_id, id) DO UPDATE
       SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
           deleted = excluded.deleted, version = excluded.version
       WHERE known.version < excluded.version`,
    [tenantId, JSON.stringify(users)],
  );
};

export const saveTenant = async (manager: EntityManager, tenant: TenantChanged): Promise<void> => {
  await manager.query(
    `INSERT INTO known_tenant AS known (tenant_id, name, currency, time_zone, language, max_rejected_percent, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id) DO UPDATE
       SET name = excluded.name, currency = excluded.currency, time_zone = excluded.time_zone,
           language = excluded.language, max_rejected_percent = excluded.max_rejected_percent,
           version = excluded.version
       WHERE known.version < excluded.version`,
    [
      tenant.id,
      tenant.name,
      tenant.currency,
      tenant.timeZone,
      tenant.language,
      tenant.maxRejectedPercent,
      tenant.version,
    ],
  );
};
