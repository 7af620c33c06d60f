import { type Call, CreateLayout, LayoutName, ListLayouts, royalties } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';

@ApiTags('Royalty statements')
@Controller('royalties/layouts')
export class LayoutController {
  constructor(private readonly bus: Bus) {}

  /** Says how the files of a further distributor are written. Its name is what uploads then call the distributor. */
  @Post()
  @Asks(royalties.createLayout, { roles: ['admin'], status: 201 })
  create(@Body() layout: CreateLayout, @Caller() call: Call) {
    return this.bus.askForReply(royalties.createLayout, layout, call);
  }

  /** The layouts that files can be read by: the built-in ones, then the tenant's own. */
  @Get()
  @Asks(royalties.listLayouts, { roles: ['admin'] })
  list(@Query() paging: ListLayouts, @Caller() call: Call) {
    return this.bus.askForReply(royalties.listLayouts, paging, call);
  }

  /** One layout, in the form that a new one is made with. */
  @Get(':name')
  @Asks(royalties.getLayout, { roles: ['admin'] })
  get(@Param() layout: LayoutName, @Caller() call: Call) {
    return this.bus.askForReply(royalties.getLayout, layout, call);
  }

  /** Removes a layout of one's own. What was read by it stays as it is. */
  @Delete(':name')
  @Asks(royalties.deleteLayout, { roles: ['admin'] })
  delete(@Param() layout: LayoutName, @Caller() call: Call) {
    return this.bus.askForReply(royalties.deleteLayout, layout, call);
  }
}
