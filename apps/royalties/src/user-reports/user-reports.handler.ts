import {
  type Call,
  CancelReport,
  type DownloadOptions,
  FindReports,
  Nothing,
  ReportFiles,
  type ReportState,
  type ReportTotal,
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

  @Answers(royalties.cancelReport)
  cancel(@Payload() request: CancelReport, @Ctx() call: Call): Promise<UserReport> {
    requireRole(call, 'admin');
    return this.reports.cancel(call, request);
  }

  /** For services: the gateway has no route to it. */
  @Answers(royalties.findReports)
  find(@Payload() request: FindReports, @Ctx() call: Call): Promise<ReportState[]> {
    return this.reports.find(call, request);
  }

  /** For services, as well. */
  @Answers(royalties.reportTotals)
  totals(@Payload() _: Nothing, @Ctx() call: Call): Promise<ReportTotal[]> {
    return this.reports.totals(call);
  }
}
