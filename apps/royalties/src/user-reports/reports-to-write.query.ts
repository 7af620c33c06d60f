import type { EntityManager } from 'typeorm';
import type { Delimiter } from './report-file-key.js';

/** A report whose files are not those of its revision yet, and the booked files that hold its lines. */
export interface ReportToWrite {
  id: number;
  owner: string;
  reportingMonth: string;
  revision: number;
  /** Storage keys, in the order of booking. */
  parts: string[];
}

const reports = (which: string) => `
  SELECT report.id, report.user_id AS owner, report.reporting_month AS "reportingMonth", report.revision,
         array_agg(booking.lines_key ORDER BY booking.id) AS parts
  FROM user_report AS report
  JOIN report_part AS part ON part.tenant_id = report.tenant_id AND part.report_id = report.id
  JOIN booking ON booking.tenant_id = part.tenant_id AND booking.id = part.booking_id
  WHERE report.tenant_id = $1 AND ${which}
  GROUP BY report.tenant_id, report.id
  ORDER BY report.id`;

/** The reports that a statement has lines in, as far as their files are out of date. */
export const reportsOfStatement = (
  manager: EntityManager,
  tenantId: number,
  statementId: number,
): Promise<ReportToWrite[]> =>
  manager.query(
    reports(`report.comma_files_revision IS DISTINCT FROM report.revision AND report.id IN (
      SELECT part.report_id
      FROM report_part AS part
      JOIN booking ON booking.tenant_id = part.tenant_id AND booking.id = part.booking_id
      WHERE part.tenant_id = $1 AND booking.statement_id = $2)`),
    [tenantId, statementId],
  );

export async function statementsBehind(manager: EntityManager, tenantId: number): Promise<number[]> {
  const rows: { id: number }[] = await manager.query(
    `SELECT DISTINCT booking.statement_id AS id
     FROM user_report AS report
     JOIN report_part AS part ON part.tenant_id = report.tenant_id AND part.report_id = report.id
     JOIN booking ON booking.tenant_id = part.tenant_id AND booking.id = part.booking_id
     WHERE report.tenant_id = $1 AND report.comma_files_revision IS DISTINCT FROM report.revision
     ORDER BY id`,
    [tenantId],
  );
  return rows.map(({ id }) => id);
}

export const reportById = (manager: EntityManager, tenantId: number, id: number): Promise<ReportToWrite[]> =>
  manager.query(reports(`report.id = $2`), [tenantId, id]);

/** From now on these files are offered, unless the report has moved on. */
export const saveFilesWritten = (
  manager: EntityManager,
  tenantId: number,
  delimiter: Delimiter,
  written: ReportToWrite[],
): Promise<unknown> =>
  manager.query(
    `UPDATE user_report AS report
     SET ${delimiter}_files_revision = greatest(report.${delimiter}_files_revision, written.revision)
     FROM unnest($2::bigint[], $3::integer[]) AS written (id, revision)
     WHERE report.tenant_id = $1 AND report.id = written.id`,
    [tenantId, written.map(({ id }) => id), written.map(({ revision }) => revision)],
  );
