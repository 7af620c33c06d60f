import { join } from 'node:path';
import { Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { engineLimits } from '../engine-limits.js';
import { writeReportFiles } from '../engine/write-report-files.js';
import { STORAGE } from '../storage.module.js';
import { type Delimiter, reportFileKey, reportFiles } from './report-file-key.js';
import {
  reportById,
  reportsOfStatement,
  type ReportToWrite,
  saveFilesWritten,
  statementsBehind,
} from './reports-to-write.query.js';

/** Makes the six files of reports and puts them where people download them. */
@Injectable()
export class ReportFilesService {
  constructor(
    private readonly transactions: Transactions,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /** The statements with lines in reports whose files are out of date. */
  statementsBehind(tenantId: number): Promise<number[]> {
    return this.transactions.read(tenantId, (manager) => statementsBehind(manager, tenantId));
  }

  async writeForStatement(tenantId: number, statementId: number, workDir: string): Promise<void> {
    const reports = await this.transactions.read(tenantId, (manager) =>
      reportsOfStatement(manager, tenantId, statementId),
    );
    // Reports with the same parts are made in one pass over them; most often that is all reports.
    const groups = Map.groupBy(reports, ({ parts }) => JSON.stringify(parts));
    for (const group of groups.values()) await this.write(tenantId, group, 'comma', workDir);
  }

  async writeSemicolons(tenantId: number, reportId: number, workDir: string): Promise<void> {
    const reports = await this.transactions.read(tenantId, (manager) => reportById(manager, tenantId, reportId));
    if (reports.length > 0) await this.write(tenantId, reports, 'semicolon', workDir);
  }

  /** `reports` have the same parts. */
  private async write(
    tenantId: number,
    reports: ReportToWrite[],
    delimiter: Delimiter,
    workDir: string,
  ): Promise<void> {
    const outDir = join(workDir, 'files');
    const booked = reports[0]?.parts ?? [];
    const parts = await Promise.all(booked.map(({ linesKey }) => this.storage.localCopy(linesKey)));
    try {
      await writeReportFiles({
        parts: parts.map(({ path }, at) => ({ path, sign: booked[at]!.sign })),
        reports,
        outDir,
        workDir,
        delimiter,
        limits: engineLimits,
      });
    } finally {
      await Promise.all(parts.map((part) => part.release()));
    }
    const files = reports.flatMap((report) => Object.values(reportFiles).map((file) => ({ report, file })));
    await this.storage.putFiles(
      files.map(({ report, file }) => ({
        key: reportFileKey(tenantId, report, delimiter, file),
        path: join(outDir, `${report.id}_${file}.csv`),
      })),
    );
    await this.transactions.inTenant(tenantId, (manager) => saveFilesWritten(manager, tenantId, delimiter, reports));
  }
}
