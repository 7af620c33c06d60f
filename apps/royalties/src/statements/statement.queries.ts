import type { RegisterStatement, Statement, StatementState } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { liveStates } from '../booking/voiding.store.js';

export interface StatementRow {
  id: number;
  distributor: string;
  reporting_month: string;
  currency: string | null;
  state: StatementState;
  progress: number;
  lines_read: number;
  lines_accepted: number;
  lines_rejected: number;
  lines_unmatched: number;
  net: string;
  royalties: string;
  error: string | null;
  rejected_key: string | null;
  created_at: Date;
  completed_at: Date | null;
  voided_at: Date | null;
  void_reason: string | null;
}

export const statementColumns = `
  id, distributor, reporting_month, currency, state, progress, lines_read, lines_accepted, lines_rejected,
  lines_unmatched, trim_scale(net) AS net, trim_scale(royalties) AS royalties, error, rejected_key, created_at,
  completed_at, voided_at, void_reason`;

/** Those of the ids that there are in the tenant. */
export const statementById = `
  SELECT ${statementColumns} FROM statement WHERE tenant_id = current_tenant() AND id = ANY ($1)`;

export const statementOf = (row: StatementRow): Statement => ({
  id: row.id,
  distributor: row.distributor,
  reportingMonth: row.reporting_month,
  currency: row.currency,
  state: row.state,
  progress: row.progress,
  lines: {
    read: row.lines_read,
    accepted: row.lines_accepted,
    rejected: row.lines_rejected,
    unmatched: row.lines_unmatched,
  },
  net: row.net,
  royalties: row.royalties,
  error: row.error,
  createdAt: row.created_at.toISOString(),
  completedAt: row.completed_at?.toISOString() ?? null,
  voidedAt: row.voided_at?.toISOString() ?? null,
  voidReason: row.void_reason,
});

interface LiveStatement {
  id: number;
  distributor: string;
  reportingMonth: string;
  state: StatementState;
  sha256: string;
  bytes: number;
}

/** The statements that count for a distributor's month. */
export const findLive = (
  manager: EntityManager,
  tenantId: number,
  { distributor, reportingMonth }: RegisterStatement,
): Promise<LiveStatement[]> =>
  manager.query(
    `SELECT id, distributor, reporting_month AS "reportingMonth", state, sha256, bytes
     FROM statement
     WHERE tenant_id = $1 AND distributor = $2 AND reporting_month = $3 AND state = ANY ($4)
     ORDER BY id`,
    [tenantId, distributor, reportingMonth, liveStates],
  );

export const unmatchedLabels = `
  SELECT label, lines, trim_scale(net) AS net
  FROM suspended_label
  WHERE tenant_id = $1 AND statement_id = $2
  ORDER BY suspended_label.net DESC, label COLLATE "C"`;
