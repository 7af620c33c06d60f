import type { EntityManager } from 'typeorm';

/**
 * The closed months, `YYYY-MM`, of a book. They stay as they are to the end of the transaction: nobody can close or open
 * one meanwhile, so what is decided with them still holds when it is booked.
 */
export const closedMonths = async (
  manager: EntityManager,
  tenantId: number,
  book = 'main',
): Promise<ReadonlySet<string>> => {
  await manager.query(`SELECT pg_advisory_xact_lock_shared(ledger_lock($1))`, [tenantId]);
  // A statement of its own: its snapshot is taken with the lock held.
  const rows: { month: string }[] = await manager.query(`SELECT month FROM period WHERE tenant_id = $1 AND book = $2`, [
    tenantId,
    book,
  ]);
  return new Set(rows.map(({ month }) => month));
};

/** Closes a month once everything that is being booked is booked. Answers false when it was closed already. */
export const closeMonth = async (
  manager: EntityManager,
  tenantId: number,
  month: string,
  book = 'main',
  closedAt: Date = new Date(),
): Promise<boolean> => {
  const rows: unknown[] = await manager.query(
    `INSERT INTO period (tenant_id, book, month, closed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING month`,
    [tenantId, book, month, closedAt],
  );
  return rows.length > 0;
};

/** Opens a month again. Answers false when it was open. */
export const reopenMonth = async (
  manager: EntityManager,
  tenantId: number,
  month: string,
  book = 'main',
): Promise<boolean> => {
  const [, changed]: [unknown[], number] = await manager.query(
    `DELETE FROM period WHERE tenant_id = $1 AND book = $2 AND month = $3`,
    [tenantId, book, month],
  );
  return changed > 0;
};
