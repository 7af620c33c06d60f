import type { EntityManager } from 'typeorm';
import type { Layout } from '../layouts/layout.js';

/** A layout that a tenant has made. */
export interface OwnLayout {
  name: string;
  layout: Layout;
}

/** Answers whether the name was free. */
export async function insertLayout(
  manager: EntityManager,
  tenantId: number,
  { name, layout }: OwnLayout,
): Promise<boolean> {
  const made: unknown[] = await manager.query(
    `INSERT INTO layout (tenant_id, name, layout, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING name`,
    [tenantId, name, JSON.stringify(layout), new Date()],
  );
  return made.length === 1;
}

export async function findLayout(manager: EntityManager, tenantId: number, name: string): Promise<OwnLayout | null> {
  const [own] = await manager.query(`SELECT name, layout FROM layout WHERE tenant_id = $1 AND name = $2`, [
    tenantId,
    name,
  ]);
  return own ?? null;
}

export const listLayouts = (
  manager: EntityManager,
  tenantId: number,
  limit: number,
  offset: number,
): Promise<OwnLayout[]> =>
  manager.query(`SELECT name, layout FROM layout WHERE tenant_id = $1 ORDER BY name LIMIT $2 OFFSET $3`, [
    tenantId,
    limit,
    offset,
  ]);

export async function countLayouts(manager: EntityManager, tenantId: number): Promise<number> {
  const [{ total }] = await manager.query(`SELECT count(*) AS total FROM layout WHERE tenant_id = $1`, [tenantId]);
  return total;
}

/** Answers whether it was there. */
export async function deleteLayout(manager: EntityManager, tenantId: number, name: string): Promise<boolean> {
  const [, deleted]: [unknown, number] = await manager.query(`DELETE FROM layout WHERE tenant_id = $1 AND name = $2`, [
    tenantId,
    name,
  ]);
  return deleted === 1;
}

/** A statement of the distributor that has not come to its end. */
export async function unfinishedStatement(
  manager: EntityManager,
  tenantId: number,
  distributor: string,
): Promise<number | null> {
  const [statement] = await manager.query(
    `SELECT id FROM statement
     WHERE tenant_id = $1 AND distributor = $2 AND state NOT IN ('completed', 'failed', 'voided')
     ORDER BY id LIMIT 1`,
    [tenantId, distributor],
  );
  return statement?.id ?? null;
}
