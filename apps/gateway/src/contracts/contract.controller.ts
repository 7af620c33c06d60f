import { type Call, ContractId, CreateContract, ListContracts, royalties } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Asks } from '../http/asks.js';
import { Caller, callOf } from '../http/caller.js';
import { UploadService } from '../uploads/upload.service.js';
import { ContractChanges } from './contract.dto.js';

/** A hundred thousand contracts are about ten of these megabytes. */
const uploadOptions = { service: 'royalties', maxBytes: 50_000_000, maxUnpackedBytes: 50_000_000 } as const;

@ApiTags('Royalty contracts')
@Controller('royalties/contracts')
export class ContractController {
  constructor(
    private readonly bus: Bus,
    private readonly uploads: UploadService,
  ) {}

  /** Says who owns a label, release or track and which share of its net is theirs. */
  @Post()
  @Asks(royalties.createContract, { roles: ['admin'], status: 201 })
  create(@Body() contract: CreateContract, @Caller() call: Call) {
    return this.bus.askForReply(royalties.createContract, contract, call);
  }

  /**
   * Makes a contract of every line of a CSV file, or none: what is wrong is answered line by line. Columns, in any order:
   * `userId`, `scope`, `match` and `sharePercent`; where needed `aliases` (separated by `|`), `from` and `to`. Separated
   * by commas, semicolons or tabs; the body itself or field `file` of a multipart body, at most 100,000 lines.
   */
  @Post('import')
  @ApiBody({
    schema: {
      type: 'string',
      format: 'binary',
      example:
        'userId,scope,match,aliases,sharePercent,from,to\n3fa85f64-5717-4562-b3fc-2c963f66afa6,label,Polar Records,Polar|Polar Rec.,75,202401,\n',
    },
  })
  @Asks(royalties.importContracts, { roles: ['admin'], status: 201, body: 'file', load: 'long' })
  async import(@Caller() caller: Call, @Req() request: FastifyRequest) {
    const upload = await this.uploads.store(request.raw, caller, uploadOptions);
    try {
      const call = callOf(request, { sha256: upload.sha256 });
      return await this.bus.askForReply(royalties.importContracts, { storageKey: upload.storageKey }, call);
    } finally {
      await this.uploads.discard(upload);
    }
  }

  /** The tenant's contracts. */
  @Get()
  @Asks(royalties.listContracts, { roles: ['admin'] })
  list(@Query() filter: ListContracts, @Caller() call: Call) {
    return this.bus.askForReply(royalties.listContracts, filter, call);
  }

  /** One contract. */
  @Get(':id')
  @Asks(royalties.getContract, { roles: ['admin'] })
  get(@Param() contract: ContractId, @Caller() call: Call) {
    return this.bus.askForReply(royalties.getContract, contract, call);
  }

  /** Changes a contract. Lines that are booked already stay as they are. */
  @Patch(':id')
  @Asks(royalties.updateContract, { roles: ['admin'] })
  update(@Param() { id }: ContractId, @Body() changes: ContractChanges, @Caller() call: Call) {
    return this.bus.askForReply(royalties.updateContract, { ...changes, id }, call);
  }

  /** Removes a contract. Lines that are booked already stay as they are. */
  @Delete(':id')
  @Asks(royalties.deleteContract, { roles: ['admin'] })
  delete(@Param() contract: ContractId, @Caller() call: Call) {
    return this.bus.askForReply(royalties.deleteContract, contract, call);
  }
}
