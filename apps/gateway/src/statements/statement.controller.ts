import { Readable } from 'node:stream';
import {
  type Call,
  ListStatements,
  royalties,
  StatementId,
  StatementParameters,
  StatementReceipt,
} from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import type { ObjectStorage } from '@countinghouse/storage';
import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendFile } from '../files/send-file.js';
import { STORAGE } from '../files/storage.js';
import { Asks, replyWriter, Serves } from '../http/asks.js';
import { Caller, callOf } from '../http/caller.js';
import { Shutdown } from '../http/shutdown.js';
import { progressEvents } from './statement-progress.js';
import { VoidReason } from './statement.dto.js';
import { StatementUploadService } from './statement-upload.service.js';

const write = replyWriter(royalties.getStatement);

@ApiTags('Royalty statements')
@Controller('royalties/statements')
export class StatementController {
  constructor(
    private readonly bus: Bus,
    private readonly uploads: StatementUploadService,
    private readonly shutdown: Shutdown,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * Takes a distributor's statement file, as the body or as field `file` of a multipart body; `.gz` and single-file
   * `.zip` are fine. It is processed afterwards; a file that is here already is answered with 200 and changes nothing.
   * A month that has another file already is refused, unless `mode` says what this one is to it.
   */
  @Post()
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 200, type: StatementReceipt, description: 'This very file is here already' })
  @Asks(royalties.registerStatement, { roles: ['admin'], status: 202, body: 'file', load: 'long' })
  async upload(
    @Query() parameters: StatementParameters,
    @Caller() caller: Call,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const upload = await this.uploads.store(request.raw, caller);
    const call = callOf(request, { ...parameters, sha256: upload.sha256 });
    const answered = await this.uploads.register(upload, parameters, call);
    if (answered.reply.duplicate) void reply.code(200);
    return answered;
  }

  /** The tenant's statements. */
  @Get()
  @Asks(royalties.listStatements, { roles: ['admin'] })
  list(@Query() filter: ListStatements, @Caller() call: Call) {
    return this.bus.askForReply(royalties.listStatements, filter, call);
  }

  /** One statement: how far it is, what was found in it, and why it failed if it did. */
  @Get(':id')
  @Asks(royalties.getStatement, { roles: ['admin'] })
  get(@Param() statement: StatementId, @Caller() call: Call) {
    return this.bus.askForReply(royalties.getStatement, statement, call);
  }

  /**
   * Takes the statement back: the exact negative of its lines goes wherever they went, and nothing of it is in suspense
   * any more. Afterwards the same file may be uploaded again.
   */
  @Post(':id/void')
  @Asks(royalties.voidStatement, { roles: ['admin'] })
  void(@Param() { id }: StatementId, @Body() body: VoidReason, @Caller() call: Call) {
    return this.bus.askForReply(royalties.voidStatement, { ...body, id }, call);
  }

  /** The statement as server-sent events: `progress` with each change, then `completed`, `failed` or `voided`. */
  @Get(':id/progress')
  @Serves({ roles: ['admin'], load: 'long' }, { status: 200, contentType: 'text/event-stream', errors: ['not_found'] })
  async progress(
    @Param() statement: StatementId,
    @Caller() call: Call,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const ask = () => this.bus.ask(royalties.getStatement, statement, call);
    const events = progressEvents(await ask(), ask, write, this.shutdown.endOf(request, reply));
    return reply.type('text/event-stream').send(Readable.from(events));
  }

  /** The lines that could not be read, as CSV with columns Line, Column, Reason and Raw. */
  @Get(':id/rejected.csv')
  @Serves(
    { roles: ['admin'], load: 'long' },
    { status: 200, contentType: 'text/csv', errors: ['not_found', 'conflict'] },
  )
  async rejected(@Param() statement: StatementId, @Caller() call: Call, @Res() reply: FastifyReply) {
    const { storageKey, fileName } = await this.bus.ask(royalties.rejectedLines, statement, call);
    return sendFile(reply, this.storage, storageKey, fileName);
  }

  /** What nobody owns, by label, the largest net first. */
  @Get(':id/unmatched')
  @Asks(royalties.unmatchedLabels, { roles: ['admin'] })
  unmatched(@Param() statement: StatementId, @Caller() call: Call) {
    return this.bus.askForReply(royalties.unmatchedLabels, statement, call);
  }
}
