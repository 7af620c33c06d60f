import type { EntityManager } from 'typeorm';
import { entryColumns, type EntryRow, type EntryType } from '../entries/entries.store.js';

interface EntriesWanted {
  type: EntryType;
  userId: string | null;
  status: string | null;
  page: number;
  size: number;
}

/** The newest first. */
export async function listEntries(
  manager: EntityManager,
  tenantId: number,
  { type, userId, status, page, size }: EntriesWanted,
): Promise<{ items: EntryRow[]; total: number }> {
  const where = `entry.tenant_id = $1 AND type = $2 AND ($3::uuid IS NULL OR user_id = $3) AND ($4::text IS NULL OR status = $4)`;
  const values = [tenantId, type, userId, status];
  const [{ total }] = await manager.query(`SELECT count(*) AS total FROM entry WHERE ${where}`, values);
  const items: EntryRow[] = await manager.query(
    `SELECT ${entryColumns} FROM entry WHERE ${where} ORDER BY transaction_date DESC, id DESC LIMIT $5 OFFSET $6`,
    [...values, size, (page - 1) * size],
  );
  return { items, total };
}
