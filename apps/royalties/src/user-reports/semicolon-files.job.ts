import { Job, type JobData } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { scratch } from '../scratch.js';
import { ReportFilesService } from './report-files.service.js';

interface SemicolonFilesData extends JobData {
  reportId: number;
}

/** Makes the files of one report with semicolons, for spreadsheets of countries that write a decimal comma. */
@Injectable()
export class SemicolonFilesJob {
  constructor(private readonly reportFiles: ReportFilesService) {}

  @Job<SemicolonFilesData>('semicolon-files')
  run({ tenantId, reportId }: SemicolonFilesData): Promise<void> {
    return scratch.run(`semicolon-${reportId}`, (workDir) =>
      this.reportFiles.writeSemicolons(tenantId, reportId, workDir),
    );
  }
}
