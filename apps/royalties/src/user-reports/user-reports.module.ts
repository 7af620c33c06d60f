import { Module } from '@nestjs/common';
import { ReportFilesJob } from './report-files.job.js';
import { ReportFilesService } from './report-files.service.js';
import { SemicolonFilesJob } from './semicolon-files.job.js';
import { UserReportsHandler } from './user-reports.handler.js';
import { UserReportsService } from './user-reports.service.js';

@Module({
  controllers: [UserReportsHandler],
  providers: [UserReportsService, ReportFilesService, ReportFilesJob, SemicolonFilesJob],
  exports: [ReportFilesService],
})
export class UserReportsModule {}
