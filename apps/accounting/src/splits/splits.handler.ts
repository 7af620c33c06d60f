import {
  accounting,
  type Call,
  type Coverage,
  CoverageQuery,
  CreateSplit,
  ListSplits,
  MatchSplit,
  ReplaceSplit,
  type Split,
  SplitId,
  type SplitMatch,
  type SplitPage,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { SplitsService } from './splits.service.js';

@Controller()
export class SplitsHandler {
  constructor(private readonly splits: SplitsService) {}

  @Answers(accounting.createSplit)
  create(@Payload() request: CreateSplit, @Ctx() call: Call): Promise<Split> {
    requireRole(call, 'admin');
    return this.splits.create(call, request);
  }

  @Answers(accounting.listSplits)
  list(@Payload() request: ListSplits, @Ctx() call: Call): Promise<SplitPage> {
    requireRole(call, 'admin');
    return this.splits.list(call, request);
  }

  @Answers(accounting.getSplit)
  get(@Payload() { id }: SplitId, @Ctx() call: Call): Promise<Split> {
    requireRole(call, 'admin');
    return this.splits.get(call, id);
  }

  @Answers(accounting.replaceSplit)
  replace(@Payload() request: ReplaceSplit, @Ctx() call: Call): Promise<Split> {
    requireRole(call, 'admin');
    return this.splits.replace(call, request);
  }

  @Answers(accounting.deactivateSplit)
  deactivate(@Payload() { id }: SplitId, @Ctx() call: Call): Promise<Split> {
    requireRole(call, 'admin');
    return this.splits.deactivate(call, id);
  }

  @Answers(accounting.matchSplit)
  match(@Payload() request: MatchSplit, @Ctx() call: Call): Promise<SplitMatch> {
    requireRole(call, 'admin');
    return this.splits.match(call, request);
  }

  @Answers(accounting.splitCoverage)
  coverage(@Payload() request: CoverageQuery, @Ctx() call: Call): Promise<Coverage> {
    requireRole(call, 'admin');
    return this.splits.coverage(call, request);
  }
}
