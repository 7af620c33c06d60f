import {
  type Call,
  type CancelReport,
  DomainError,
  type DownloadOptions,
  type FindReports,
  type ReportFiles,
  type ReportsOfUser,
  type ReportState,
  type ReportTotal,
  type UserReport,
} from '@countinghouse/contracts';
import { hasRole, Jobs, PointRead, principalOf, Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { lockRevision } from '../booking/contract-terms.query.js';
import { isDistributor } from '../own-layouts/distributors.js';
import { STORAGE } from '../storage.module.js';
import { reportFileKey, reportFiles } from './report-file-key.js';

const urlSeconds = 3_600;

interface ReportRow {
  id: number;
  user_id: string;
  revision: number;
  comma_files_revision: number | null;
  semicolon_files_revision: number | null;
}

/** What people read of their reports, and what becomes of them besides their lines. */
@Injectable()
export class UserReportsService {
  private readonly rows: PointRead<ReportRow>;

  constructor(
    dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {
    this.rows = new PointRead(
      dataSource,
      `SELECT id, user_id, revision, comma_files_revision, semicolon_files_revision
       FROM user_report WHERE tenant_id = current_tenant() AND id = ANY ($1)`,
    );
  }

  /** The caller's own reports, newest month first; an admin may ask for another user's. */
  async current(call: Call, { distributor, userId, page, size }: ReportsOfUser): Promise<UserReport[]> {
    const principal = principalOf(call);
    if (userId !== undefined && userId !== principal.userId && !hasRole(principal, 'admin')) {
      throw new DomainError('forbidden', 'Only an admin may ask for the reports of another user');
    }
    const paged = page !== undefined || size !== undefined;
    const limit = paged ? (size ?? 20) : null;
    const offset = paged ? ((page ?? 1) - 1) * (size ?? 20) : 0;
    const owner = userId ?? principal.userId ?? null;
    return this.transactions.read(principal.tenantId, async (manager) => {
      const values = [principal.tenantId, owner, distributor, limit, offset];
      const reports: ReportedRow[] = await manager.query(currentReports, values);
      if (reports.length === 0 && !(await isDistributor(manager, principal.tenantId, distributor))) {
        throw new DomainError('bad_request', 'Distributor parameter is required');
      }
      return reports.map(userReportOf);
    });
  }

  /** A pending report will not be paid. What its owner has earned stays earned. */
  async cancel(call: Call, { id, reason }: CancelReport): Promise<UserReport> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await lockRevision(manager, tenantId);
      const [[cancelled]] = await manager.query(cancelPending, [tenantId, id, reason, new Date()]);
      if (cancelled) return userReportOf(cancelled);
      const [report] = await manager.query(reportStates, [tenantId, [id]]);
      if (!report) throw new DomainError('not_found', 'Report not found');
      throw new DomainError('conflict', notPendingMessage(report));
    });
  }

  /** Those of the reports that there are. */
  async find(call: Call, { ids }: FindReports): Promise<ReportState[]> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, (manager) => manager.query(reportStates, [tenantId, ids]));
  }

  /** Signed addresses of the six files; `null` while they are being made. */
  async downloadOptions(call: Call, { id, delimiter }: ReportFiles): Promise<DownloadOptions> {
    const principal = principalOf(call);
    const report = await this.rows.find(principal.tenantId, id);
    if (!report || (report.user_id !== principal.userId && !hasRole(principal, 'admin'))) {
      throw new DomainError('not_found', 'Report not found');
    }
    const made = delimiter === 'comma' ? report.comma_files_revision : report.semicolon_files_revision;
    const ready = made === report.revision;
    if (!ready && delimiter === 'semicolon') await this.makeSemicolonFiles(principal.tenantId, id);
    const address = (file: string): Promise<string> | null => {
      if (!ready) return null;
      const key = reportFileKey(principal.tenantId, report, delimiter, file);
      return this.storage.sign(key, { expiresInSeconds: urlSeconds, now: new Date() });
    };
    const entries = Object.entries(reportFiles).map(async ([option, file]) => [option, await address(file)] as const);
    return Object.fromEntries(await Promise.all(entries)) as unknown as DownloadOptions;
  }

  /** What all reports of the tenant come to, by month and currency, whatever their state. */
  async totals(call: Call): Promise<ReportTotal[]> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, (manager) =>
      manager.query(
        `SELECT reporting_month AS "reportingMonth", currency, trim_scale(sum(total_royalties)) AS total
         FROM user_report WHERE tenant_id = $1 GROUP BY reporting_month, currency ORDER BY reporting_month, currency`,
        [tenantId],
      ),
    );
  }

  /** Few people ask for semicolons, so those files are made at the first question for them. */
  private makeSemicolonFiles(tenantId: number, reportId: number): Promise<unknown> {
    return this.transactions.inTenant(tenantId, (manager) =>
      this.jobs.send(manager, 'semicolon-files', { tenantId, reportId }, { subject: `${reportId}` }),
    );
  }
}

interface ReportedRow extends Omit<UserReport, 'adjusts'> {
  adjusts: number | null;
}

/** `adjusts` is absent on ordinary reports. */
const userReportOf = ({ adjusts, ...report }: ReportedRow): UserReport =>
  adjusts === null ? report : { ...report, adjusts };

const notPendingMessage = ({ id, debitState }: ReportState): string =>
  debitState === 'PAID'
    ? `Report ${id} is paid; void its payment before you cancel it`
    : `Report ${id} is cancelled already`;

const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const reportColumns = `
  id,
  ${instant('created_at')} AS "createdAt",
  ${instant('updated_at')} AS "updatedAt",
  currency,
  distributor,
  reporting_month AS "reportingMonth",
  trim_scale(total_royalties) AS "totalRoyalties",
  debit_state AS "debitState",
  ${instant('paid_at')} AS "paidOn",
  adjusts`;

const currentReports = `
  SELECT ${reportColumns}
  FROM user_report
  WHERE tenant_id = $1 AND user_id = $2 AND distributor = $3
  ORDER BY reporting_month DESC, id DESC
  LIMIT $4 OFFSET $5`;

const cancelPending = `
  UPDATE user_report
  SET debit_state = 'CANCELLED', cancel_reason = $3, updated_at = $4
  WHERE tenant_id = $1 AND id = $2 AND debit_state = 'PENDING'
  RETURNING ${reportColumns}`;

const reportStates = `
  SELECT id, user_id AS "userId", debit_state AS "debitState"
  FROM user_report
  WHERE tenant_id = $1 AND id = ANY ($2)
  ORDER BY id`;
