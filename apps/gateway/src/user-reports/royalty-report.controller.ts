import { type Call, ReportId, royalties } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { CancelReason } from './user-report.dto.js';

@ApiTags('Royalty reports')
@Controller('royalties/reports')
export class RoyaltyReportController {
  constructor(private readonly bus: Bus) {}

  /**
   * Cancels a report that has not been paid. Its lines stay as they are, and so does what their owner has earned by
   * them: to take lines back, void their statement.
   */
  @Post(':id/cancel')
  @Asks(royalties.cancelReport, { roles: ['admin'] })
  cancel(@Param() { id }: ReportId, @Body() body: CancelReason, @Caller() call: Call) {
    return this.bus.askForReply(royalties.cancelReport, { ...body, id }, call);
  }
}
