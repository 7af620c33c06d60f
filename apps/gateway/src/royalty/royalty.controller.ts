import { type Call, royalties, RoyaltyQuery, type Statement } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { FilePage, ListFiles, type UploadedFile } from './royalty.dto.js';

/** The statements, asked for as files. */
const listFiles = { ...royalties.listStatements, request: ListFiles, reply: FilePage };

/** What the accounting reference advises to look at when earnings seem wrong. */
@ApiTags('Royalty statistics')
@Controller()
export class RoyaltyController {
  constructor(private readonly bus: Bus) {}

  /** What was earned by all statements in force, the largest royalty first; amounts of each currency apart. */
  @Get('royalty')
  @Asks(royalties.royalty, { roles: ['member', 'admin'], etag: true })
  list(@Query() query: RoyaltyQuery, @Caller() call: Call) {
    return this.bus.askForReply(royalties.royalty, query, call);
  }

  /** The tenant's uploaded statement files. */
  @Get('file')
  @Asks(listFiles, { roles: ['admin'] })
  async files(@Query() { status, page, size }: ListFiles, @Caller() call: Call) {
    const filter = { page, size, ...(status && { state: status }) };
    const { items, ...counts } = await this.bus.ask(royalties.listStatements, filter, call);
    const fileOf = (statement: Statement): UploadedFile => ({
      ...statement,
      name: `${statement.distributor} ${statement.reportingMonth}`,
      status: statement.state,
    });
    return { reply: { ...counts, items: items.map(fileOf) } };
  }
}
