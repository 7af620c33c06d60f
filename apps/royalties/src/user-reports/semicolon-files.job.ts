import { join } from 'node:path';
import { Job } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { inWorkDir } from '../work-dir.js';
import { ReportFilesService } from './report-files.service.js';

/** Makes the files of one report with semicolons, for spreadsheets of countries that write a decimal comma. */
@Injectable()
export class SemicolonFilesJob {
  constructor(private readonly reportFiles: ReportFilesService) {}

  @Job('semicolon-files', { concurrency: 1 })
  run({ tenantId, reportId }: { tenantId: number; reportId: number }): Promise<void> {
    return inWorkDir(join('semicolon', `${reportId}`), (workDir) =>
      this.reportFiles.writeSemicolons(tenantId, reportId, workDir),
    );
  }
}
