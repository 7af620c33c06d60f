import type { EntityManager } from 'typeorm';

/** Where royalties keeps its objects, under the tenant's id. */
export const objectFolders = ['uploads/royalties', 'statements', 'reports'] as const;

/**
 * Notes since when nothing refers to which of these objects, and forgets those that something refers to again. Of a
 * report, all that is of its latest revision is referred to.
 */
export const noteUnreferenced = (
  manager: EntityManager,
  tenantId: number,
  keys: readonly string[],
  seenAt: Date,
): Promise<unknown> =>
  manager.query(
    `WITH reference AS (
       SELECT unnest(ARRAY[source_key, lines_key, rejected_key, suspense_key]) AS name
       FROM statement WHERE tenant_id = $1
       UNION ALL SELECT lines_key FROM booking WHERE tenant_id = $1
       UNION ALL SELECT storage_key FROM earnings WHERE tenant_id = $1
       UNION ALL SELECT concat_ws('/', tenant_id, 'reports', id, revision) FROM user_report WHERE tenant_id = $1
     ),
     object AS (
       SELECT key, coalesce(substring(key FROM '^[0-9]+/reports/[0-9]+/[0-9]+'), key)
                   IN (SELECT name FROM reference WHERE name IS NOT NULL) AS is_referenced
       FROM unnest($2::text[]) AS key
     ),
     referenced_again AS (
       DELETE FROM unreferenced_object AS noted USING object
       WHERE noted.tenant_id = $1 AND noted.key = object.key AND object.is_referenced
     )
     INSERT INTO unreferenced_object (tenant_id, key, since)
     SELECT $1, key, $3 FROM object WHERE NOT is_referenced
     ON CONFLICT DO NOTHING`,
    [tenantId, keys, seenAt],
  );

/** Objects that nothing has referred to since then or longer. */
export async function findUnreferenced(
  manager: EntityManager,
  tenantId: number,
  since: Date,
  limit: number,
): Promise<string[]> {
  const rows: { key: string }[] = await manager.query(
    `SELECT key FROM unreferenced_object WHERE tenant_id = $1 AND since <= $2 ORDER BY key LIMIT $3`,
    [tenantId, since, limit],
  );
  return rows.map(({ key }) => key);
}

export const forgetObjects = (manager: EntityManager, tenantId: number, keys: readonly string[]): Promise<unknown> =>
  manager.query(`DELETE FROM unreferenced_object WHERE tenant_id = $1 AND key = ANY ($2)`, [tenantId, keys]);
