import { type StatementState, statementStates } from '@countinghouse/contracts';
import { type EntityManager, In, LessThan } from 'typeorm';
import { StatementEntity } from '../statements/statement.entity.js';
import type { Booking } from './booking.store.js';

/** Neither failed nor voided: what it is about counts, now or soon. */
export const liveStates: StatementState[] = statementStates.filter((state) => !['failed', 'voided'].includes(state));

export const isVoided = (manager: EntityManager, tenantId: number, id: number): Promise<boolean> =>
  manager.existsBy(StatementEntity, { tenantId, id, state: 'voided' });

/** The statements that were there for the same month before, and still are. */
export async function liveBefore(
  manager: EntityManager,
  { tenantId, distributor, reportingMonth, id }: StatementEntity,
): Promise<number[]> {
  const statements = await manager.find(StatementEntity, {
    select: { id: true },
    where: { tenantId, distributor, reportingMonth, id: LessThan(id), state: In(liveStates) },
    order: { id: 'ASC' },
  });
  return statements.map((statement) => statement.id);
}

/** The statement as it was, if it was live. Nothing of it is in suspense any more. */
export async function saveStatementVoided(
  manager: EntityManager,
  tenantId: number,
  id: number,
  changes: Pick<StatementEntity, 'voidedAt' | 'voidReason'>,
): Promise<StatementEntity | null> {
  const statement = await manager.findOne(StatementEntity, {
    where: { tenantId, id, state: In(liveStates) },
    lock: { mode: 'pessimistic_write' },
  });
  if (!statement) return null;
  await manager.update(StatementEntity, { tenantId, id }, { ...changes, state: 'voided' });
  await manager.query(`DELETE FROM suspended_label WHERE tenant_id = $1 AND statement_id = $2`, [tenantId, id]);
  return statement;
}

/** What takes back each booking of a live statement, owner by owner. */
export async function reversalsOf(
  manager: EntityManager,
  { tenantId, id: statementId, distributor, reportingMonth, currency }: StatementEntity,
  bookedAt: Date,
): Promise<Booking[]> {
  const bookings: (Pick<Booking, 'linesKey' | 'lines' | 'net' | 'royalties'> & { reverses: number })[] =
    await manager.query(
      `SELECT id AS reverses, lines_key AS "linesKey", -lines AS lines, -net AS net, -royalties AS royalties
       FROM booking
       WHERE tenant_id = $1 AND statement_id = $2 AND kind <> 'void'
       ORDER BY id`,
      [tenantId, statementId],
    );
  const owners: (Booking['owners'][number] & { bookingId: number })[] = await manager.query(
    `SELECT part.booking_id AS "bookingId", report.user_id AS owner, -part.lines AS lines, -part.quantity AS quantity,
            -part.royalties AS royalties
     FROM report_part AS part
     JOIN user_report AS report ON report.tenant_id = part.tenant_id AND report.id = part.report_id
     WHERE part.tenant_id = $1 AND part.booking_id = ANY ($2)`,
    [tenantId, bookings.map(({ reverses }) => reverses)],
  );
  const ownersOf = Map.groupBy(owners, ({ bookingId }) => bookingId);
  return bookings.map((booking) => ({
    ...booking,
    tenantId,
    statementId,
    kind: 'void',
    distributor,
    reportingMonth,
    currency: currency as string,
    bookedAt,
    owners: ownersOf.get(booking.reverses) ?? [],
  }));
}
