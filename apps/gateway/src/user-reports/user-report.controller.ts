import { type Call, ReportId, ReportsOfUser, royalties } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { FileOptions } from './user-report.dto.js';

@ApiTags('Royalty reports')
@Controller('financial/reports/user-reports')
export class UserReportController {
  constructor(private readonly bus: Bus) {}

  /** The caller's reports of one distributor, newest month first. An admin may ask for somebody else's. */
  @Get('current')
  @Asks(royalties.currentReports, { roles: ['member', 'admin'], etag: true })
  current(@Query() filter: ReportsOfUser, @Caller() call: Call) {
    return this.bus.askForReply(royalties.currentReports, filter, call);
  }

  /** Addresses of a report's six files. They need no token and are good for one hour. */
  @Get('download/options/:id')
  @Asks(royalties.downloadOptions, { roles: ['member', 'admin'] })
  downloadOptions(@Param() { id }: ReportId, @Query() options: FileOptions, @Caller() call: Call) {
    return this.bus.askForReply(royalties.downloadOptions, { ...options, id }, call);
  }
}
