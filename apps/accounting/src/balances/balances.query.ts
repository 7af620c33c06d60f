import type { EntityManager } from 'typeorm';

/** What a user has earned and got; exact, in the tenant's currency. */
export interface UserFigures {
  userId: string;
  gross: string;
  /** After what was recouped. */
  net: string;
  paid: string;
  due: string;
}

/**
 * Figures from the book, by the kinds of its journals; reversals have the kind of what they reverse. `$1` is the tenant.
 */
const figures = (accounts: string): string => `
  SELECT substr(account, length('royalties-payable:') + 1)::uuid AS user_id,
         coalesce(-sum(amount) FILTER (WHERE kind IN ('earnings', 'adjustment')), 0) AS gross,
         coalesce(-sum(amount) FILTER (WHERE kind <> 'payment'), 0) AS net,
         coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS paid,
         -sum(amount) AS due
  FROM account_balance
  WHERE tenant_id = $1 AND ${accounts}
  GROUP BY account`;

const everybody = figures(`account >= 'royalties-payable:' AND account < 'royalties-payable;'`);

/** Members, and any other or deleted user who is in the book, even one that nobody has told of yet. */
const users = `
  SELECT coalesce(known.id, figures.user_id) AS id, coalesce(first_name, '') AS first_name,
         coalesce(last_name, '') AS last_name, coalesce(email, '') AS email, search_text,
         coalesce(gross, 0) AS gross, coalesce(net, 0) AS net, coalesce(paid, 0) AS paid, coalesce(due, 0) AS due
  FROM (SELECT * FROM known_user WHERE tenant_id = $1) AS known
  FULL JOIN (${everybody}) AS figures ON figures.user_id = known.id
  WHERE figures.user_id IS NOT NULL OR NOT deleted AND 'member' = ANY (roles)`;

export interface BalanceRow extends UserFigures {
  firstName: string;
  lastName: string;
  email: string;
  paymentRequestId: number | null;
}

export interface BalancesWanted {
  /** In the form of `searchText`; null for everybody. */
  search: string | null;
  sort: 'gross' | 'net' | 'paid' | 'due';
  order: 'ASC' | 'DESC';
  page: number;
  size: number;
}

export async function userBalances(
  manager: EntityManager,
  tenantId: number,
  { search, sort, order, page, size }: BalancesWanted,
): Promise<{ rows: BalanceRow[]; total: number }> {
  const pattern = search === null ? null : `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const rows: (BalanceRow & { total: number })[] = await manager.query(
    `WITH found AS (SELECT * FROM (${users}) AS users WHERE $2::text IS NULL OR search_text LIKE $2),
     page AS (SELECT *, count(*) OVER () AS total FROM found ORDER BY ${sort} ${order}, id LIMIT $3 OFFSET $4)
     SELECT page.id AS "userId", first_name AS "firstName", last_name AS "lastName", page.email, total,
            trim_scale(gross) AS gross, trim_scale(net) AS net, trim_scale(paid) AS paid, trim_scale(due) AS due,
            request.id AS "paymentRequestId"
     FROM page
     LEFT JOIN entry AS request ON request.tenant_id = $1 AND request.user_id = page.id AND request.status = 'open'
     ORDER BY ${sort} ${order}, page.id`,
    [tenantId, pattern, size, (page - 1) * size],
  );
  if (rows[0] || page === 1) return { rows, total: rows[0]?.total ?? 0 };
  const [{ total }] = await manager.query(
    `SELECT count(*) AS total FROM (${users}) AS users WHERE $2::text IS NULL OR search_text LIKE $2`,
    [tenantId, pattern],
  );
  return { rows, total };
}

/** Sums over the same users. */
export async function totalBalances(
  manager: EntityManager,
  tenantId: number,
): Promise<Omit<UserFigures, 'userId'> & { users: number }> {
  const [totals] = await manager.query(
    `SELECT coalesce(trim_scale(sum(gross)), 0) AS gross, coalesce(trim_scale(sum(net)), 0) AS net,
            coalesce(trim_scale(sum(paid)), 0) AS paid, coalesce(trim_scale(sum(due)), 0) AS due, count(*) AS users
     FROM (${users}) AS users`,
    [tenantId],
  );
  return totals;
}

export async function figuresOf(manager: EntityManager, tenantId: number, userId: string): Promise<UserFigures> {
  const [found] = await manager.query(
    `SELECT trim_scale(gross) AS gross, trim_scale(net) AS net, trim_scale(paid) AS paid, trim_scale(due) AS due
     FROM (${figures('account = $2')}) AS figures`,
    [tenantId, `royalties-payable:${userId}`],
  );
  return { userId, ...(found ?? { gross: '0', net: '0', paid: '0', due: '0' }) };
}
