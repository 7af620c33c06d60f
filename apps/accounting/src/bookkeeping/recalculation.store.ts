import type { EntityManager } from 'typeorm';

export interface Recalculation {
  id: string;
  scope: 'user' | 'tenant' | 'flow';
  userId: string | null;
  triggeredBy: string;
  state: 'waiting' | 'active' | 'completed' | 'failed' | 'delayed';
  progress: string;
  userCount: number;
  error: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

const columns = `
  id, scope, user_id AS "userId", triggered_by AS "triggeredBy", state, trim_scale(progress) AS progress,
  user_count AS "userCount", error, created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt"`;

/** A recalculation that waits to be done; the one that is waiting or running already, where there is one. */
export async function requestRecalculation(
  manager: EntityManager,
  tenantId: number,
  { scope, userId, userCount }: Pick<Recalculation, 'scope' | 'userId' | 'userCount'>,
  now: Date,
): Promise<Recalculation> {
  const [kept] = await manager.query(
    `INSERT INTO recalculation AS open (tenant_id, scope, user_id, triggered_by, user_count, created_at)
     VALUES ($1, $2, $3, 'manual', $4, $5)
     ON CONFLICT ${scope === 'user' ? oneOfUser : oneOfTenant} DO UPDATE SET state = open.state
     RETURNING ${columns}`,
    [tenantId, scope, userId, userCount, now],
  );
  return kept;
}

const isOpen = `state IN ('waiting', 'active', 'delayed')`;
const oneOfUser = `(tenant_id, user_id) WHERE scope = 'user' AND ${isOpen}`;
const oneOfTenant = `(tenant_id) WHERE scope IN ('tenant', 'flow') AND ${isOpen}`;

export async function findRecalculation(
  manager: EntityManager,
  tenantId: number,
  id: string,
): Promise<Recalculation | null> {
  const [found] = await manager.query(`SELECT ${columns} FROM recalculation WHERE tenant_id = $1 AND id = $2`, [
    tenantId,
    id,
  ]);
  return found ?? null;
}

/** Those that wait, and those during which their process died; the oldest first. */
export const openRecalculations = (manager: EntityManager, tenantId: number): Promise<Recalculation[]> =>
  manager.query(
    `SELECT ${columns} FROM recalculation
     WHERE tenant_id = $1 AND ${isOpen} ORDER BY id`,
    [tenantId],
  );

type Changes = Partial<Pick<Recalculation, 'state' | 'error' | 'startedAt' | 'finishedAt'> & { progress: number }>;

/** A new state has no error, unless one is given. */
export const changeRecalculations = (
  manager: EntityManager,
  tenantId: number,
  ids: readonly string[],
  { state, progress, error, startedAt, finishedAt }: Changes,
): Promise<unknown> =>
  manager.query(
    `UPDATE recalculation
     SET state = coalesce($3, state), progress = coalesce($4, progress), error = CASE WHEN $3 IS NULL THEN error ELSE $5 END,
         started_at = coalesce(started_at, $6), finished_at = coalesce($7, finished_at)
     WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
    [tenantId, ids, state ?? null, progress ?? null, error ?? null, startedAt ?? null, finishedAt ?? null],
  );

export const recalculationCounts = async (
  manager: EntityManager,
  tenantId: number,
): Promise<Record<Recalculation['state'], number>> => {
  const rows: { state: Recalculation['state']; count: number }[] = await manager.query(
    `SELECT state, count(*) AS count FROM recalculation WHERE tenant_id = $1 GROUP BY state`,
    [tenantId],
  );
  const none = { waiting: 0, active: 0, completed: 0, failed: 0, delayed: 0 };
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
};

/** Milliseconds per user of the last recalculations of the whole tenant; null before the first. */
export async function measuredSpeed(manager: EntityManager, tenantId: number): Promise<number | null> {
  const [row] = await manager.query(
    `SELECT sum(extract(epoch FROM finished_at - started_at) * 1000)::float8 / nullif(sum(user_count), 0) AS "perUser"
     FROM (
       SELECT * FROM recalculation
       WHERE tenant_id = $1 AND scope <> 'user' AND state = 'completed' ORDER BY id DESC LIMIT 5
     ) AS last`,
    [tenantId],
  );
  return row.perUser;
}

/** What each user's account has been credited, from earnings and their recalculations; exact. */
export const bookedEarnings = async (manager: EntityManager, tenantId: number): Promise<Map<string, string>> => {
  const rows: { userId: string; amount: string }[] = await manager.query(
    `SELECT substr(account, length('royalties-payable:') + 1) AS "userId", trim_scale(-sum(amount))::text AS amount
     FROM account_balance
     WHERE tenant_id = $1 AND account >= 'royalties-payable:' AND account < 'royalties-payable;'
       AND kind IN ('earnings', 'adjustment')
     GROUP BY account`,
    [tenantId],
  );
  return new Map(rows.map(({ userId, amount }) => [userId, amount]));
};

export const countUsers = async (manager: EntityManager, tenantId: number): Promise<number> => {
  const [{ count }] = await manager.query(
    `SELECT count(*) AS count FROM (
       SELECT id FROM known_user WHERE tenant_id = $1 AND NOT deleted AND 'member' = ANY (roles)
       UNION
       SELECT substr(account, length('royalties-payable:') + 1)::uuid FROM account_balance
       WHERE tenant_id = $1 AND account >= 'royalties-payable:' AND account < 'royalties-payable;'
     ) AS users`,
    [tenantId],
  );
  return count;
};
