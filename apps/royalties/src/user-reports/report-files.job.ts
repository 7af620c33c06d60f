import { DomainError } from '@countinghouse/contracts';
import { Job, type JobData, Jobs, OnJobFailed } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { scratch } from '../scratch.js';
import { ReportFilesService } from './report-files.service.js';

interface ReportFilesData extends JobData {
  statementId: number;
}

/** Makes the files of the reports that a statement was taken back from. */
@Injectable()
export class ReportFilesJob {
  constructor(
    private readonly reportFiles: ReportFilesService,
    private readonly jobs: Jobs,
  ) {}

  @Job<ReportFilesData>('report-files')
  run({ tenantId, statementId }: ReportFilesData): Promise<void> {
    return scratch.run(`report-files-${statementId}`, (workDir) =>
      this.reportFiles.writeForStatement(tenantId, statementId, workDir),
    );
  }

  /** Without its files a report is of no use, so the work begins anew. */
  @OnJobFailed<ReportFilesData>('report-files')
  async gaveUp(data: ReportFilesData, reason: Error, manager: EntityManager): Promise<void> {
    if (reason instanceof DomainError) return;
    await this.jobs.send(manager, 'report-files', data, { subject: `${data.statementId}` });
  }
}
