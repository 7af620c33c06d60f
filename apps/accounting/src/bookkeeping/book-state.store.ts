import type { Split } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import type { SplitWithShares } from '../domain/split.js';
import { ruleOf } from '../splits/splits.store.js';

/** How far the bookkeeping of a tenant has come. */
export interface BookState {
  /** Moves with every step; a step is only taken from the version that it was worked out for. */
  version: number;
  /** The revision of the splits by which everything in the book is split. */
  splitRevision: number;
}

export async function bookState(manager: EntityManager, tenantId: number): Promise<BookState> {
  const [state] = await manager.query(
    `SELECT version, split_revision AS "splitRevision" FROM book_state WHERE tenant_id = $1`,
    [tenantId],
  );
  return state ?? { version: 0, splitRevision: 0 };
}

/**
 * Begins a step: it is the only one that starts from this version, however many processes there are. Answers the version
 * after it.
 *
 * @throws Error when another step was taken meanwhile
 */
export async function takeStep(manager: EntityManager, tenantId: number, version: number): Promise<number> {
  const [moved] = await manager.query(
    `INSERT INTO book_state AS state (tenant_id, version, split_revision) VALUES ($1, 1, 0)
     ON CONFLICT (tenant_id) DO UPDATE SET version = state.version + 1 WHERE state.version = $2
     RETURNING version`,
    [tenantId, version],
  );
  if (!moved) throw new Error('Another process has gone on with the book meanwhile');
  return moved.version;
}

type BookedSplit = Pick<Split, 'id' | 'scope' | 'startDate' | 'endDate' | 'conditions' | 'shares'>;

/** The splits by which everything in the book is split. */
export async function bookedSplits(manager: EntityManager, tenantId: number): Promise<BookedSplit[]> {
  const rows: { split: BookedSplit }[] = await manager.query(
    `SELECT split FROM booked_split WHERE tenant_id = $1 ORDER BY id`,
    [tenantId],
  );
  return rows.map(({ split }) => split);
}

/** From now on everything is split by these. */
export async function saveBookedSplits(
  manager: EntityManager,
  tenantId: number,
  revision: number,
  splits: readonly BookedSplit[],
): Promise<void> {
  const booked = splits.map(({ id, scope, startDate, endDate, conditions, shares }) =>
    JSON.stringify({ id, scope, startDate, endDate, conditions, shares }),
  );
  const ids = splits.map(({ id }) => id);
  await manager.query(`DELETE FROM booked_split WHERE tenant_id = $1 AND id <> ALL ($2::bigint[])`, [tenantId, ids]);
  await manager.query(
    `INSERT INTO booked_split AS booked (tenant_id, id, split)
     SELECT $1, * FROM unnest($2::bigint[], $3::jsonb[])
     ON CONFLICT (tenant_id, id) DO UPDATE SET split = excluded.split WHERE booked.split <> excluded.split`,
    [tenantId, ids, booked],
  );
  await manager.query(`UPDATE book_state SET split_revision = $2 WHERE tenant_id = $1`, [tenantId, revision]);
}

/** A split as it is evaluated. */
export const evaluated = (split: BookedSplit): SplitWithShares => ({ ...ruleOf(split), shares: split.shares });
