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

/** What texts have in common that differ in case and accents only; names and e-mails are searched in this form. */
export const searchText = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

export const saveUsers = async (
  manager: EntityManager,
  tenantId: number,
  users: readonly UserChanged[],
): Promise<void> => {
  const heard = users.map((user) => ({
    ...user,
    searchText: searchText(`${user.firstName} ${user.lastName}\n${user.email}`),
  }));
  await manager.query(
    `INSERT INTO known_user AS known
       (tenant_id, id, email, first_name, last_name, search_text, roles, deleted, version)
     SELECT $1, id, email, "firstName", "lastName", "searchText", roles, deleted, version
     FROM json_to_recordset($2) AS heard
       (id uuid, email text, "firstName" text, "lastName" text, "searchText" text, roles text[], deleted boolean,
        version integer)
     ORDER BY id
     ON CONFLICT (tenant_id, id) DO UPDATE
       SET email = excluded.email, first_name = excluded.first_name, last_name = excluded.last_name,
           search_text = excluded.search_text, roles = excluded.roles, deleted = excluded.deleted,
           version = excluded.version
       WHERE known.version < excluded.version`,
    [tenantId, JSON.stringify(heard)],
  );
};

/** What a tenant has set. */
export interface TenantSettings {
  name: string;
  /** ISO 4217 */
  currency: string;
  /** IANA */
  timeZone: string;
  language: string;
  /** Fraction: 0.25 is 25 %. */
  vatRate: string;
  /** The services whose facts become revenue. */
  autoRevenue: string[];
  maxRejectedPercent: string;
}

export const findTenant = async (manager: EntityManager, tenantId: number): Promise<TenantSettings | null> => {
  const [tenant] = await manager.query(
    `SELECT name, currency, time_zone AS "timeZone", language, vat_rate AS "vatRate", auto_revenue AS "autoRevenue",
            max_rejected_percent AS "maxRejectedPercent"
     FROM known_tenant WHERE tenant_id = $1`,
    [tenantId],
  );
  return tenant ?? null;
};

export const settingsOf = ({ autoRevenue, ...tenant }: TenantChanged): TenantSettings => ({
  ...tenant,
  autoRevenue: Object.entries(autoRevenue).flatMap(([service, isOn]) => (isOn ? [service] : [])),
});

export const saveTenant = async (manager: EntityManager, tenant: TenantChanged): Promise<void> => {
  const { name, currency, timeZone, language, vatRate, autoRevenue, maxRejectedPercent } = settingsOf(tenant);
  await manager.query(
    `INSERT INTO known_tenant AS known
       (tenant_id, name, currency, time_zone, language, vat_rate, auto_revenue, max_rejected_percent, version)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (tenant_id) DO UPDATE
       SET name = excluded.name, currency = excluded.currency, time_zone = excluded.time_zone,
           language = excluded.language, vat_rate = excluded.vat_rate, auto_revenue = excluded.auto_revenue,
           max_rejected_percent = excluded.max_rejected_percent, version = excluded.version
       WHERE known.version < excluded.version`,
    [tenant.id, name, currency, timeZone, language, vatRate, autoRevenue, maxRejectedPercent, tenant.version],
  );
};
