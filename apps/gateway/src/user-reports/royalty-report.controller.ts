import { type Call, ReportId, royalties } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import type { ObjectStorage } from '@countinghouse/storage';
import { Body, Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendFile } from '../files/send-file.js';
import { STORAGE } from '../files/storage.js';
import { etagOf, isKnown } from '../http/answer.js';
import { Asks, Serves } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { CancelReason } from './user-report.dto.js';

@ApiTags('Royalty reports')
@Controller('royalties/reports')
export class RoyaltyReportController {
  constructor(
    private readonly bus: Bus,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * Cancels a report that has not been paid. Its lines stay as they are, and so does what their owner has earned by
   * them: to take lines back, void their statement.
   */
  @Post(':id/cancel')
  @Asks(royalties.cancelReport, { roles: ['admin'] })
  cancel(@Param() { id }: ReportId, @Body() body: CancelReason, @Caller() call: Call) {
    return this.bus.askForReply(royalties.cancelReport, { ...body, id }, call);
  }

  /**
   * One page to read and to print: the report's total, adjustments and payment, and its largest releases, platforms and
   * countries, in the tenant's language. Members have that of their own reports. 409 for the few seconds in which the
   * files of the report are being made.
   */
  @Get(':id/statement.pdf')
  @Serves(
    { roles: ['member', 'admin'], etag: true, load: 'long' },
    { status: 200, contentType: 'application/pdf', errors: ['not_found', 'conflict'] },
  )
  async statement(
    @Param() report: ReportId,
    @Caller() call: Call,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { storageKey, fileName } = await this.bus.ask(royalties.reportStatement, report, call);
    // A statement that says anything else lies under another key.
    if (isKnown(request, reply, etagOf(storageKey))) return reply.send();
    return sendFile(reply, this.storage, storageKey, fileName, 'inline');
  }
}
