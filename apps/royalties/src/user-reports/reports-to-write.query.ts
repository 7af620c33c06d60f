import type { EntityManager } from 'typeorm';
import type { Delimiter } from './report-file-key.js';

/** A booked file of which a report has its owner's lines: as they are, or taken back. */
export interface BookedPart {
  linesKey: string;
  sign: 1 | -1;
}

/** A report whose files are not those of its revision yet, and the booked files that hold its lines. */
export interface ReportToWrite {
  id: number;
  owner: string;
  reportingMonth: string;
  revision: number;
  /** In the order of booking. What the report took in and lost again is not among them. */
  parts: BookedPart[];
}

const reports = (which: string) => `
  WITH wanted AS (
    SELECT * FROM user_report AS report WHERE report.tenant_id = $1 AND ${which}
  ),
  standing AS (
    SELECT part.report_id, booking.lines_key, min(booking.id) AS booked,
           sum(CASE booking.kind WHEN 'void' THEN -1 ELSE 1 END) AS sign
    FROM report_part AS part
    JOIN booking ON booking.tenant_id = part.tenant_id AND booking.id = part.booking_id
    WHERE part.tenant_id = $1 AND part.report_id IN (SELECT id FROM wanted)
    GROUP BY part.report_id, booking.lines_key
    HAVING count(*) = 1
  )
  SELECT id, user_id AS owner, reporting_month AS "reportingMonth", revision,
         (SELECT coalesce(json_agg(json_build_object('linesKey', lines_key, 'sign', sign) ORDER BY booked), '[]')
          FROM standing
          WHERE report_id = id) AS parts
  FROM wanted
  ORDER BY id`;

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
