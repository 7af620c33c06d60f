import {
  accounting,
  type Call,
  CoverageQuery,
  CreateSplit,
  ListSplits,
  MatchSplit,
  SplitId,
} from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';

const admin = { roles: ['admin'], status: 200 } as const;

@ApiTags('Accounting splits')
@Controller('split')
export class SplitController {
  constructor(private readonly bus: Bus) {}

  /** Says who shares in earnings of a track, release, artist or label. What was earned before is split again. */
  @Post()
  @Asks(accounting.createSplit, { roles: ['admin'], status: 201 })
  create(@Body() split: CreateSplit, @Caller() call: Call) {
    return this.bus.askForReply(accounting.createSplit, split, call);
  }

  /** The tenant's splits, deactivated ones too. */
  @Get()
  @Asks(accounting.listSplits, admin)
  list(@Query() filter: ListSplits, @Caller() call: Call) {
    return this.bus.askForReply(accounting.listSplits, filter, call);
  }

  /** Which split would decide over such earnings, and why no other. */
  @Post('match')
  @Asks(accounting.matchSplit, admin)
  match(@Body() earnings: MatchSplit, @Caller() call: Call) {
    return this.bus.askForReply(accounting.matchSplit, earnings, call);
  }

  /** Which splits apply to a track or release when, and where there is none. */
  @Get('coverage')
  @Asks(accounting.splitCoverage, admin)
  coverage(@Query() query: CoverageQuery, @Caller() call: Call) {
    return this.bus.askForReply(accounting.splitCoverage, query, call);
  }

  /** One split. */
  @Get(':id')
  @Asks(accounting.getSplit, admin)
  get(@Param() split: SplitId, @Caller() call: Call) {
    return this.bus.askForReply(accounting.getSplit, split, call);
  }

  /** Puts a split in the place of this one. */
  @Put(':id')
  @Asks(accounting.replaceSplit, admin)
  replace(@Param() { id }: SplitId, @Body() split: CreateSplit, @Caller() call: Call) {
    return this.bus.askForReply(accounting.replaceSplit, { ...split, id }, call);
  }

  /** Deactivates a split: it stays on the record and decides over nothing any more. */
  @Delete(':id')
  @Asks(accounting.deactivateSplit, admin)
  deactivate(@Param() split: SplitId, @Caller() call: Call) {
    return this.bus.askForReply(accounting.deactivateSplit, split, call);
  }
}
