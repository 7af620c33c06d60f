import {
  type Call,
  type DownloadOptions,
  ReportFiles,
  ReportsOfUser,
  royalties,
  type UserReport,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { UserReportsService } from './user-reports.service.js';

@Controller()
export class UserReportsHandler {
  constructor(private readonly reports: UserReportsService) {}

  @Answers(royalties.currentReports)
  current(@Payload() request: ReportsOfUser, @Ctx() call: Call): Promise<UserReport[]> {
    requireRole(call, 'member', 'admin');
    return this.reports.current(call, request);
  }

  @Answers(royalties.downloadOptions)
  downloadOptions(@Payload() request: ReportFiles, @Ctx() call: Call): Promise<DownloadOptions> {
    requireRole(call, 'member', 'admin');
    return this.reports.downloadOptions(call, request);
  }
}
