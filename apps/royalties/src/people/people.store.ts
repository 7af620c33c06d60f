import type { TenantChanged, UserChanged } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export const saveUser = async (manager: EntityManager, tenantId: number, user: UserChanged): Promise<void> => {
  await manager.query(
    `INSERT INTO known_user AS known (tenant_id, id, email, first_name, last_name, deleted, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (tenant_id, id) DO UPDATE
       SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
           deleted = excluded.deleted, version = excluded.version
       WHERE known.version < excluded.version`,
    [tenantId, user.id, user.email, user.firstName, user.lastName, user.deleted, user.version],
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
