import type { StatementState } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import type { LabelTotal, OwnerTotal } from '../engine/book-lines.js';

export interface Booking {
  tenantId: number;
  statementId: number;
  kind: 'statement' | 'late-match' | 'void';
  /** The booking that a void takes back: the same file, and its figures negative. */
  reverses: number | null;
  linesKey: string;
  lines: number;
  net: string;
  royalties: string;
  distributor: string;
  reportingMonth: string;
  currency: string;
  bookedAt: Date;
  owners: Omit<OwnerTotal, 'net'>[];
}

/**
 * Books lines: each owner's pending report of the month takes its part, the latest one if there are two. Where all are
 * paid or cancelled, a further one takes it that adjusts the first. The caller holds the tenant's revision.
 */
export async function saveBooking(manager: EntityManager, booking: Booking): Promise<number> {
  const [{ id }] = await manager.query(
    `INSERT INTO booking (tenant_id, statement_id, kind, reverses, lines_key, lines, net, royalties, booked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     RETURNING id`,
    [
      booking.tenantId,
      booking.statementId,
      booking.kind,
      booking.reverses,
      booking.linesKey,
      booking.lines,
      booking.net,
      booking.royalties,
      booking.bookedAt,
    ],
  );
  await manager.query(partsIntoReports, [
    booking.tenantId,
    booking.distributor,
    booking.reportingMonth,
    booking.currency,
    booking.bookedAt,
    id,
    booking.owners.map(({ owner }) => owner),
    booking.owners.map(({ lines }) => lines),
    booking.owners.map(({ quantity }) => quantity),
    booking.owners.map(({ royalties }) => royalties),
  ]);
  return id;
}

const partsIntoReports = `
  WITH part AS (
    SELECT * FROM unnest($7::uuid[], $8::bigint[], $9::numeric[], $10::numeric[])
      AS part (user_id, lines, quantity, royalties)
  ),
  known AS (
    SELECT user_id, min(id) AS first_id, max(id) FILTER (WHERE debit_state = 'PENDING') AS pending_id
    FROM user_report
    WHERE tenant_id = $1 AND user_id = ANY ($7) AND distributor = $2 AND reporting_month = $3 AND currency = $4
    GROUP BY user_id
  ),
  restated AS (
    UPDATE user_report AS report
    SET total_royalties = report.total_royalties + part.royalties,
        revision = report.revision + 1,
        updated_at = $5
    FROM known JOIN part USING (user_id)
    WHERE report.tenant_id = $1 AND report.id = known.pending_id
    RETURNING report.id, report.user_id
  ),
  opened AS (
    INSERT INTO user_report
      (tenant_id, user_id, distributor, reporting_month, currency, adjusts, total_royalties, created_at, updated_at)
    SELECT $1, user_id, $2, $3, $4, known.first_id, part.royalties, $5, $5
    FROM part LEFT JOIN known USING (user_id)
    WHERE known.pending_id IS NULL
    ORDER BY user_id
    RETURNING id, user_id
  )
  INSERT INTO report_part (tenant_id, report_id, booking_id, lines, quantity, royalties)
  SELECT $1, report.id, $6, part.lines, part.quantity, part.royalties
  FROM (TABLE restated UNION ALL TABLE opened) AS report JOIN part USING (user_id)`;

/** What is still in suspense of a statement, in place of what was. */
export async function saveSuspense(
  manager: EntityManager,
  tenantId: number,
  statementId: number,
  labels: LabelTotal[],
): Promise<void> {
  await manager.query(`DELETE FROM suspended_label WHERE tenant_id = $1 AND statement_id = $2`, [
    tenantId,
    statementId,
  ]);
  await manager.query(
    `INSERT INTO suspended_label (tenant_id, statement_id, label, lines, net)
     SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[], $5::numeric[])`,
    [
      tenantId,
      statementId,
      labels.map(({ label }) => label),
      labels.map(({ lines }) => lines),
      labels.map(({ net }) => net),
    ],
  );
}

/** Of a booking of lines that were matched. */
export type MatchKind = Exclude<Booking['kind'], 'void'>;

interface StatementBooked {
  tenantId: number;
  statementId: number;
  kind: MatchKind;
  /** The suspended lines that were matched; null at the first booking, when there are none yet. */
  matchedKey: string | null;
  suspenseKey: string;
  accepted: { lines: number; royalties: string };
  suspense: { lines: number };
}

/** The states in which a statement can be booked. */
export const bookableStates: Record<MatchKind, StatementState[]> = {
  statement: ['matching'],
  'late-match': ['reporting', 'completed'],
};

/**
 * The statement's own figures after a booking; a first booking leads to the reports' files. Throws when these lines have
 * been booked already: by a process that took over while this one was thought dead.
 */
export async function saveStatementBooked(
  manager: EntityManager,
  { tenantId, statementId, kind, matchedKey, suspenseKey, accepted, suspense }: StatementBooked,
): Promise<void> {
  const [, changed] = await manager.query(
    `UPDATE statement
     SET lines_accepted = lines_accepted + $3,
         royalties = royalties + $4,
         lines_unmatched = $5,
         suspense_key = $6,
         state = CASE $7 WHEN 'statement' THEN 'reporting' ELSE state END
     WHERE tenant_id = $1 AND id = $2 AND suspense_key IS NOT DISTINCT FROM $8 AND state = ANY ($9)`,
    [
      tenantId,
      statementId,
      accepted.lines,
      accepted.royalties,
      suspense.lines,
      suspenseKey,
      kind,
      matchedKey,
      bookableStates[kind],
    ],
  );
  if (changed !== 1) throw new Error(`The lines of statement ${statementId} have been booked meanwhile`);
}
