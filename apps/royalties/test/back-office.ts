import { contractCreate, type UserReport, userReportCurrent } from '@countinghouse/client';
import {
  type Answer,
  type Api,
  eventually,
  openMember,
  openTenant,
  type Platform,
  startProduct,
  type StatementView,
  type TestTenant,
} from '@countinghouse/testing';
import { expect } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Accounting } from './accounting.js';
import { kontorFile, lastMonth } from './kontor-file.js';
import { sumOf } from './model.js';
import { csvRows, type FileName, fileTexts } from './report-files.js';
import { jobsEnded, openRoyaltiesDatabase } from './royalties-database.js';

/** A product with a tenant whose member has half of Polar Records and another half of Other Records. */
export class BackOffice {
  private payments = 0;

  private constructor(
    readonly platform: Platform,
    readonly database: DataSource,
    readonly accounting: Accounting,
    readonly tenant: TestTenant,
    readonly stranger: TestTenant,
    readonly other: { api: Api; id: string },
  ) {}

  static async open(): Promise<BackOffice> {
    const platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
    const [database, accounting, tenant, stranger] = await Promise.all([
      openRoyaltiesDatabase(platform),
      Accounting.at(platform),
      openTenant(platform),
      openTenant(platform),
    ]);
    const other = await openMember(platform.url, tenant.admin);
    const office = new BackOffice(platform, database, accounting, tenant, stranger, other);
    await office.own('Polar Records');
    await office.own('Other Records', other.id);
    return office;
  }

  async close(): Promise<void> {
    await this.accounting.close();
    await this.database.destroy();
    await this.platform.stop();
  }

  async own(match: string, userId = this.tenant.memberId): Promise<void> {
    const body = { userId, match, scope: 'label', sharePercent: '50' } as const;
    await contractCreate({ client: this.tenant.admin.client, body, throwOnError: true });
  }

  void(id: number, reason = 'wrong file', headers: Record<string, string> = {}): Promise<Answer> {
    return this.tenant.admin.post(`/royalties/statements/${id}/void`, { reason }, headers);
  }

  cancel(id: number, reason = 'not hers'): Promise<Answer> {
    return this.tenant.admin.post(`/royalties/reports/${id}/cancel`, { reason });
  }

  async statement(id: number): Promise<StatementView> {
    return (await this.tenant.admin.get(`/royalties/statements/${id}`)).json as StatementView;
  }

  /** Reports of the month of the last upload, the oldest first. */
  async reports(api = this.tenant.member, month = lastMonth()): Promise<UserReport[]> {
    const query = { distributor: 'KONTOR' };
    const { data } = await userReportCurrent({ client: api.client, query, throwOnError: true });
    return data.filter(({ reportingMonth }) => reportingMonth === month).toReversed();
  }

  async totals(api = this.tenant.member, month = lastMonth()): Promise<number[]> {
    return (await this.reports(api, month)).map(({ totalRoyalties }) => totalRoyalties);
  }

  async onlyReport(): Promise<UserReport> {
    const reports = await this.reports();
    expect(reports).toHaveLength(1);
    return reports[0]!;
  }

  nextPayment(): number {
    return ++this.payments;
  }

  /** Pays the member's reports and waits until they know. */
  async pay(...reportIds: number[]): Promise<number> {
    const payment = this.nextPayment();
    const { id } = await this.accounting.paid(this.tenant.id, payment, this.tenant.memberId, reportIds);
    await this.factApplied(id);
    return payment;
  }

  async takePaymentBack(payment: number, ...reportIds: number[]): Promise<void> {
    const { id } = await this.accounting.voided(this.tenant.id, payment, this.tenant.memberId, reportIds);
    await this.factApplied(id);
  }

  async factApplied(factId: string): Promise<void> {
    await eventually(async () => {
      const query = 'SELECT 1 FROM inbox WHERE tenant_id = $1 AND fact_id = $2';
      expect(await this.database.query(query, [this.tenant.id, factId])).toHaveLength(1);
    });
  }

  jobsEnded(): Promise<void> {
    return jobsEnded(this.database, this.tenant.id);
  }

  /** The report's six files, once they are those of its total; in each of them the amounts sum up to it. */
  async files(report: UserReport, api = this.tenant.member): Promise<Record<FileName, string>> {
    await this.jobsEnded();
    const files = await fileTexts(api, report.id);
    const tables = Object.values(files).map((text) => csvRows(text));
    const sums = (column: string) => tables.map((rows) => sumOf(rows.map((row) => row[column]!)));
    expect(sums('Royalties').map(Number)).toEqual(tables.map(() => report.totalRoyalties));
    expect(new Set(sums('Quantity')).size).toBe(1);
    return files;
  }

  /** Royalties and quantity of each row of the full file. */
  async rows(report: UserReport): Promise<(string | undefined)[][]> {
    return csvRows((await this.files(report)).full).map((row) => [row['Royalties'], row['Quantity']]);
  }
}

export const messageOf = ({ json }: Answer): string => (json as { message: string }).message;

/** One line of Polar Records for each net amount. */
export const polarFile = (...nets: string[]): string =>
  kontorFile(nets.map((royalties) => ({ royalties, units: '2' })));
