import type { UserReport } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

/** All that a report's statement says, but for its largest groups. Decimal strings. */
export interface StatementFacts {
  id: number;
  userId: string;
  revision: number;
  /** Whether the files of this revision are there. */
  hasFiles: boolean;
  sender: string;
  language: string;
  timeZone: string;
  recipient: string;
  email: string;
  distributor: string;
  reportingMonth: string;
  currency: string;
  totalRoyalties: string;
  lines: string;
  quantity: string;
  debitState: UserReport['debitState'];
  paidAt: Date | null;
  /** The report that this one adjusts. */
  adjusts: number | null;
  /** The reports that adjust this one, oldest first, and the exact sum of them. */
  adjustedBy: number[];
  adjustments: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Null when the tenant has no such report. Its owner and tenant are known since its contract and statement were. */
export async function findStatementFacts(
  manager: EntityManager,
  tenantId: number,
  reportId: number,
): Promise<StatementFacts | null> {
  const [facts] = await manager.query(
    `
    SELECT report.id,
           report.user_id AS "userId",
           report.revision,
           report.comma_files_revision IS NOT DISTINCT FROM report.revision AS "hasFiles",
           tenant.name AS sender,
           tenant.language,
           tenant.time_zone AS "timeZone",
           concat_ws(' ', owner.first_name, owner.last_name) AS recipient,
           owner.email,
           report.distributor,
           report.reporting_month AS "reportingMonth",
           report.currency,
           trim_scale(report.total_royalties)::text AS "totalRoyalties",
           part.lines,
           part.quantity,
           report.debit_state AS "debitState",
           report.paid_at AS "paidAt",
           report.adjusts,
           adjustment.ids AS "adjustedBy",
           adjustment.total AS adjustments,
           report.created_at AS "createdAt",
           report.updated_at AS "updatedAt"
    FROM user_report AS report
    JOIN known_tenant AS tenant ON tenant.tenant_id = report.tenant_id
    JOIN known_user AS owner ON owner.tenant_id = report.tenant_id AND owner.id = report.user_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(lines), 0)::text AS lines, coalesce(trim_scale(sum(quantity)), 0)::text AS quantity
      FROM report_part
      WHERE tenant_id = report.tenant_id AND report_id = report.id
    ) AS part
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(id ORDER BY id), '[]') AS ids,
             coalesce(trim_scale(sum(total_royalties)), 0)::text AS total
      FROM user_report
      WHERE tenant_id = report.tenant_id AND user_id = report.user_id AND distributor = report.distributor
        AND adjusts = report.id
    ) AS adjustment
    WHERE report.tenant_id = $1 AND report.id = $2`,
    [tenantId, reportId],
  );
  return facts ?? null;
}
