import type { CreateSplit, ListSplits, Split, SplitCondition } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { codeKey, labelKey } from '@countinghouse/catalogue';
import { type Condition, type ScopeKey, scopeKeys, type SplitRule } from '../domain/split.js';

/** A split as it is saved; `id` 0 for a new one. */
export type SplitToSave = CreateSplit & { id: number };

/** What a scope's text is compared by. */
export const scopeKeyOf: Readonly<Record<ScopeKey, (text: string) => string>> = {
  isrc: codeKey,
  upc: codeKey,
  artist: labelKey,
  label: labelKey,
};

type RuleParts = Pick<SplitToSave, 'id' | 'scope' | 'startDate' | 'endDate' | 'conditions'>;

export const ruleOf = ({ id, scope, startDate, endDate, conditions }: RuleParts): SplitRule => ({
  id,
  scope: Object.fromEntries(
    scopeKeys.flatMap((key) => (scope[key] === undefined ? [] : [[key, scopeKeyOf[key](scope[key])]])),
  ),
  startDate: startDate ?? null,
  endDate: endDate ?? null,
  conditions: (conditions ?? []).map(conditionOf),
});

const conditionOf = ({ mode, territories, dsps, usageTypes }: SplitCondition): Condition => ({
  mode,
  ...(territories && { territories }),
  ...(dsps && { dsps: dsps.map(labelKey) }),
  ...(usageTypes && { usageTypes }),
});

const columns = `
  split.id, split.name, split.start_date AS "startDate", split.end_date AS "endDate", split.conditions, split.active,
  json_strip_nulls(json_build_object('isrc', isrc, 'upc', upc, 'artist', artist, 'label', label)) AS scope,
  (SELECT json_agg(json_build_object('userId', user_id, 'share', trim_scale(share)::text) ORDER BY position)
   FROM split_share WHERE split_share.tenant_id = split.tenant_id AND split_id = split.id) AS shares,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt",
  to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "updatedAt"`;

export const findSplit = async (manager: EntityManager, tenantId: number, id: number): Promise<Split | null> => {
  const [split] = await manager.query(`SELECT ${columns} FROM split WHERE tenant_id = $1 AND id = $2`, [tenantId, id]);
  return split ?? null;
};

/** All that apply at present. */
export const activeSplits = (manager: EntityManager, tenantId: number): Promise<Split[]> =>
  manager.query(`SELECT ${columns} FROM split WHERE tenant_id = $1 AND active ORDER BY id`, [tenantId]);

/** Active splits of exactly this scope: the only ones that could tie with it. */
export const splitsOfScope = (manager: EntityManager, tenantId: number, { scope }: SplitRule): Promise<Split[]> =>
  manager.query(
    `SELECT ${columns} FROM split
     WHERE tenant_id = $1 AND active AND isrc_key IS NOT DISTINCT FROM $2 AND upc_key IS NOT DISTINCT FROM $3
       AND artist_key IS NOT DISTINCT FROM $4 AND label_key IS NOT DISTINCT FROM $5
     ORDER BY id`,
    [tenantId, ...scopeKeys.map((key) => scope[key] ?? null)],
  );

/** Active splits whose every key is among those given. */
export const splitsWithin = (
  manager: EntityManager,
  tenantId: number,
  keys: Readonly<Partial<Record<ScopeKey, string>>>,
): Promise<Split[]> =>
  manager.query(
    `SELECT ${columns} FROM split
     WHERE tenant_id = $1 AND active
       AND (isrc_key IS NULL OR isrc_key = $2) AND (upc_key IS NULL OR upc_key = $3)
       AND (artist_key IS NULL OR artist_key = $4) AND (label_key IS NULL OR label_key = $5)
     ORDER BY id`,
    [tenantId, ...scopeKeys.map((key) => keys[key] ?? null)],
  );

/** Active splits that name this track or this release. */
export const splitsNaming = (
  manager: EntityManager,
  tenantId: number,
  key: 'isrc' | 'upc',
  value: string,
): Promise<Split[]> =>
  manager.query(`SELECT ${columns} FROM split WHERE tenant_id = $1 AND active AND ${key}_key = $2 ORDER BY id`, [
    tenantId,
    value,
  ]);

export async function listSplits(
  manager: EntityManager,
  tenantId: number,
  { page, size, userId, ...scope }: ListSplits,
): Promise<{ items: Split[]; total: number }> {
  const where = `tenant_id = $1
    AND ($2::uuid IS NULL OR EXISTS (
      SELECT FROM split_share WHERE split_share.tenant_id = split.tenant_id AND split_id = split.id AND user_id = $2))
    AND ($3::text IS NULL OR isrc_key = $3) AND ($4::text IS NULL OR upc_key = $4)
    AND ($5::text IS NULL OR artist_key = $5) AND ($6::text IS NULL OR label_key = $6)`;
  const keys = scopeKeys.map((key) => (scope[key] === undefined ? null : scopeKeyOf[key](scope[key])));
  const values = [tenantId, userId ?? null, ...keys];
  const [{ total }] = await manager.query(`SELECT count(*) AS total FROM split WHERE ${where}`, values);
  const items: Split[] = await manager.query(
    `SELECT ${columns} FROM split WHERE ${where} ORDER BY id LIMIT $7 OFFSET $8`,
    [...values, size, (page - 1) * size],
  );
  return { items, total };
}

/** Adds a split, or puts it in the place of the one that has its id. Answers the id. */
export async function saveSplit(
  manager: EntityManager,
  tenantId: number,
  split: SplitToSave,
  now: Date,
): Promise<number> {
  const { scope } = ruleOf(split);
  const values = [
    tenantId,
    split.name,
    ...scopeKeys.map((key) => split.scope[key] ?? null),
    ...scopeKeys.map((key) => scope[key] ?? null),
    split.startDate ?? null,
    split.endDate ?? null,
    JSON.stringify(split.conditions ?? []),
    split.active ?? true,
    now,
  ];
  const [{ id }] = split.id === 0 ? await manager.query(insert, values) : await change(manager, [...values, split.id]);
  await manager.query(`DELETE FROM split_share WHERE tenant_id = $1 AND split_id = $2`, [tenantId, id]);
  await manager.query(
    `INSERT INTO split_share (tenant_id, split_id, user_id, share, position)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::numeric[]) WITH ORDINALITY`,
    [tenantId, id, split.shares.map(({ userId }) => userId), split.shares.map(({ share }) => share)],
  );
  return id;
}

const insert = `
  INSERT INTO split (tenant_id, name, isrc, upc, artist, label, isrc_key, upc_key, artist_key, label_key, start_date,
                     end_date, conditions, active, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
  RETURNING id`;

const change = async (manager: EntityManager, values: unknown[]): Promise<{ id: number }[]> => {
  const [rows] = await manager.query(
    `UPDATE split
     SET name = $2, isrc = $3, upc = $4, artist = $5, label = $6, isrc_key = $7, upc_key = $8, artist_key = $9,
         label_key = $10, start_date = $11, end_date = $12, conditions = $13, active = $14, updated_at = $15
     WHERE tenant_id = $1 AND id = $16
     RETURNING id`,
    values,
  );
  return rows;
};

/**
 * Marks that the tenant's splits change. The row stays locked to the end of the transaction, so that changes of splits
 * come one after the other.
 */
export const bumpRevision = (manager: EntityManager, tenantId: number): Promise<unknown> =>
  manager.query(
    `INSERT INTO split_revision (tenant_id, revision) VALUES ($1, 1)
     ON CONFLICT (tenant_id) DO UPDATE SET revision = split_revision.revision + 1`,
    [tenantId],
  );

/** Moves with every change of splits. */
export async function splitRevision(manager: EntityManager, tenantId: number): Promise<number> {
  const [row] = await manager.query(`SELECT revision FROM split_revision WHERE tenant_id = $1`, [tenantId]);
  return row?.revision ?? 0;
}
