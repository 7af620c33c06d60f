import { DomainError } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export type EntryType = 'payment' | 'revenue' | 'expense' | 'paymentRequest';

/** A row of `entry`, with the shares of an expense. */
export interface EntryRow {
  id: number;
  type: EntryType;
  status: 'booked' | 'voided' | 'open' | 'approved' | 'declined';
  amount: string;
  currency: string;
  transactionDate: string;
  title: string;
  memo: string | null;
  userId: string | null;
  source: string | null;
  expenseType: 'general' | 'artist' | 'product' | 'asset' | null;
  recoupable: boolean | null;
  advance: boolean | null;
  reportIds: number[] | null;
  paymentRequestId: number | null;
  reason: string | null;
  createdAt: string;
  shares: { userId: string; share: string }[];
  /** The payment that answered a request. */
  paymentId: number | null;
}

export type NewEntry = Pick<EntryRow, 'type' | 'status' | 'amount' | 'currency' | 'transactionDate' | 'title'> &
  Partial<EntryRow>;

export const entryColumns = `
  entry.id, type, status, trim_scale(amount) AS amount, currency, transaction_date AS "transactionDate", title, memo,
  user_id AS "userId", source, expense_type AS "expenseType", recoupable, advance, to_json(report_ids) AS "reportIds",
  payment_request_id AS "paymentRequestId", reason,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt",
  coalesce((SELECT json_agg(json_build_object('userId', user_id, 'share', trim_scale(share)::text) ORDER BY position)
            FROM entry_share WHERE entry_share.tenant_id = entry.tenant_id AND entry_id = entry.id), '[]') AS shares,
  (SELECT answer.id FROM entry AS answer
   WHERE answer.tenant_id = entry.tenant_id AND answer.payment_request_id = entry.id AND answer.status = 'booked') AS "paymentId"`;

/** Adds an entry and counts it. Answers it as it is kept. */
export async function addEntry(
  manager: EntityManager,
  tenantId: number,
  entry: NewEntry,
  now: Date,
): Promise<EntryRow> {
  const [{ id }] = await manager.query(
    `INSERT INTO entry (tenant_id, type, status, amount, currency, transaction_date, title, memo, user_id, source,
                        expense_type, recoupable, advance, report_ids, payment_request_id, reason, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     RETURNING id`,
    [
      tenantId,
      entry.type,
      entry.status,
      entry.amount,
      entry.currency,
      entry.transactionDate,
      entry.title,
      entry.memo ?? null,
      entry.userId ?? null,
      entry.source ?? null,
      entry.expenseType ?? null,
      entry.recoupable ?? null,
      entry.advance ?? null,
      entry.reportIds ?? null,
      entry.paymentRequestId ?? null,
      entry.reason ?? null,
      now,
    ],
  );
  const { shares = [] } = entry;
  if (shares.length > 0) await addShares(manager, tenantId, id, shares);
  await countEntry(manager, tenantId, entry, [{ status: entry.status, entries: 1 }]);
  return getEntry(manager, tenantId, id);
}

const addShares = (
  manager: EntityManager,
  tenantId: number,
  entryId: number,
  shares: EntryRow['shares'],
): Promise<unknown> =>
  manager.query(
    `INSERT INTO entry_share (tenant_id, entry_id, user_id, share, position)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::numeric[]) WITH ORDINALITY`,
    [tenantId, entryId, shares.map(({ userId }) => userId), shares.map(({ share }) => share)],
  );

/** Of an id that is known to be there. */
export async function getEntry(manager: EntityManager, tenantId: number, id: number): Promise<EntryRow> {
  const [entry] = await manager.query(`SELECT ${entryColumns} FROM entry WHERE tenant_id = $1 AND id = $2`, [
    tenantId,
    id,
  ]);
  return entry;
}

/**
 * The entry of this type, locked to the end of the transaction.
 *
 * @throws DomainError not_found
 */
export async function getEntryForUpdate(
  manager: EntityManager,
  tenantId: number,
  type: EntryType,
  id: number,
): Promise<EntryRow> {
  const [found] = await manager.query(
    `SELECT id FROM entry WHERE tenant_id = $1 AND id = $2 AND type = $3 FOR UPDATE`,
    [tenantId, id, type],
  );
  if (!found) throw new DomainError('not_found', `${nouns[type]} not found`);
  return getEntry(manager, tenantId, id);
}

const nouns: Record<EntryType, string> = {
  payment: 'Payment',
  revenue: 'Revenue',
  expense: 'Expense',
  paymentRequest: 'Payment request',
};

export async function changeStatus(
  manager: EntityManager,
  tenantId: number,
  entry: EntryRow,
  status: EntryRow['status'],
  reason: string | null = null,
): Promise<EntryRow> {
  await manager.query(`UPDATE entry SET status = $3, reason = $4 WHERE tenant_id = $1 AND id = $2`, [
    tenantId,
    entry.id,
    status,
    reason,
  ]);
  await countEntry(manager, tenantId, entry, [
    { status: entry.status, entries: -1 },
    { status, entries: 1 },
  ]);
  return { ...entry, status, reason };
}

/** Counts an entry on its day with the state that it has, or no longer has. */
const countEntry = (
  manager: EntityManager,
  tenantId: number,
  { type, amount, transactionDate }: Pick<EntryRow, 'type' | 'amount' | 'transactionDate'>,
  states: { status: string; entries: 1 | -1 }[],
): Promise<unknown> =>
  manager.query(
    `INSERT INTO entry_total (tenant_id, day, type, status, entries, amount)
     SELECT $1, $2, $3, status, entries, entries * $4::numeric
     FROM unnest($5::text[], $6::integer[]) AS state (status, entries)`,
    [tenantId, transactionDate, type, amount, states.map(({ status }) => status), states.map(({ entries }) => entries)],
  );

/** One after the other: what is due is read and paid without anybody in between. */
export const lockUser = (manager: EntityManager, tenantId: number, userId: string): Promise<unknown> =>
  manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`due ${tenantId} ${userId}`]);
