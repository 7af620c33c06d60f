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
      ? await manager.query(countByMonth, values.slice(0, 5))
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

/** The months that the first or the last day, `$2` and `$3`, cuts in two. */
export const cutMonths = `
  SELECT DISTINCT to_char(day, 'YYYY-MM') AS month, date_trunc('month', day::timestamp)::date AS first_day
  FROM unnest(ARRAY[
    CASE WHEN extract(day FROM $2::date) <> 1 THEN $2::date END,
    CASE WHEN extract(day FROM $3::date + 1) <> 1 THEN $3::date END]) AS day
  WHERE day IS NOT NULL`;

/** The entries of the months that are `cut`, between the first and the last day. */
export const inCutMonth = `
  transaction_date >= cut.first_day AND transaction_date < (cut.first_day + interval '1 month')::date
  AND ($2::date IS NULL OR transaction_date >= $2) AND ($3::date IS NULL OR transaction_date <= $3)`;

/** Whole months are counted already; only of those that are cut the entries are counted. */
const countByMonth = `
  WITH cut AS (${cutMonths}),
  part AS (
    SELECT entries FROM entry_total
    WHERE tenant_id = $1 AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR status = $5)
      AND month NOT IN (SELECT month FROM cut)
      AND ($2::date IS NULL OR month >= to_char($2::date, 'YYYY-MM'))
      AND ($3::date IS NULL OR month <= to_char($3::date, 'YYYY-MM'))
    UNION ALL
    SELECT 1
    FROM cut JOIN entry ON tenant_id = $1 AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR status = $5)
                       AND ${inCutMonth}
  )
  SELECT coalesce(sum(entries), 0)::bigint AS total FROM part`;
