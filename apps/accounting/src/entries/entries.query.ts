import type { TenantUser } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { entryColumns, type EntryRow, type EntryType } from './entries.store.js';

export interface EntriesFilter {
  /** First day, `YYYY-MM-DD`. */
  start?: string | undefined;
  /** Last day. */
  end?: string | undefined;
  type?: EntryType | undefined;
  status?: EntryRow['status'] | undefined;
  userId?: string | undefined;
}

export interface EntryOfUser extends EntryRow {
  TenantUser: TenantUser | null;
}

/** `$1` to `$6`: tenant, first day, last day, type, state, user. */
const filter = `
  tenant_id = $1 AND ($2::date IS NULL OR transaction_date >= $2) AND ($3::date IS NULL OR transaction_date <= $3)
  AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR status = $5) AND ($6::uuid IS NULL OR user_id = $6)`;

/** The newest first. `total` is over the whole filter. */
export async function entriesPage(
  manager: EntityManager,
  tenantId: number,
  { start, end, type, status, userId }: EntriesFilter,
  { page, size }: { page: number; size: number },
): Promise<{ rows: EntryOfUser[]; total: number }> {
  const days = [tenantId, start ?? null, end ?? null];
  const values = [...days, type ?? null, status ?? null, userId ?? null];
  const rows: EntryOfUser[] = await manager.query(pageOfEntries, [...values, size, (page - 1) * size]);
  const [{ total }] =
    userId === undefined
      ? await manager.query(countByDay, values.slice(0, 5))
      : await manager.query(`SELECT count(*) AS total FROM entry WHERE ${filter}`, values);
  return { rows, total };
}

const pageOfEntries = `
  WITH page AS (
    SELECT tenant_id, id FROM entry WHERE ${filter} ORDER BY transaction_date DESC, id DESC LIMIT $7 OFFSET $8
  )
  SELECT ${entryColumns},
         CASE WHEN known.id IS NOT NULL THEN json_build_object(
           'id', known.id, 'firstName', first_name, 'lastName', last_name,
           'fullName', trim(first_name || ' ' || last_name), 'email', email) END AS "TenantUser"
  FROM page
  JOIN entry USING (tenant_id, id)
  LEFT JOIN known_user AS known ON known.tenant_id = entry.tenant_id AND known.id = user_id
  ORDER BY transaction_date DESC, entry.id DESC`;

/** By day they are counted already. */
const countByDay = `
  SELECT coalesce(sum(entries), 0)::bigint AS total
  FROM entry_total
  WHERE tenant_id = $1 AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day <= $3)
    AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR status = $5)`;
