import {
  type Call,
  CreateLayout,
  LayoutName,
  type LayoutPage,
  ListLayouts,
  royalties,
  type StatementLayout,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { OwnLayoutsService } from './own-layouts.service.js';

@Controller()
export class OwnLayoutsHandler {
  constructor(private readonly layouts: OwnLayoutsService) {}

  @Answers(royalties.createLayout)
  create(@Payload() request: CreateLayout, @Ctx() call: Call): Promise<StatementLayout> {
    requireRole(call, 'admin');
    return this.layouts.create(call, request);
  }

  @Answers(royalties.listLayouts)
  list(@Payload() request: ListLayouts, @Ctx() call: Call): Promise<LayoutPage> {
    requireRole(call, 'admin');
    return this.layouts.list(call, request);
  }

  @Answers(royalties.getLayout)
  get(@Payload() { name }: LayoutName, @Ctx() call: Call): Promise<StatementLayout> {
    requireRole(call, 'admin');
    return this.layouts.get(call, name);
  }

  @Answers(royalties.deleteLayout)
  delete(@Payload() { name }: LayoutName, @Ctx() call: Call): Promise<null> {
    requireRole(call, 'admin');
    return this.layouts.delete(call, name);
  }
}
