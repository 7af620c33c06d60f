import {
  type Call,
  ListStatements,
  RegisterStatement,
  royalties,
  type Statement,
  StatementId,
  type StatementPage,
  type StatementReceipt,
  type StoredFile,
  type UnmatchedLabel,
  VoidStatement,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { StatementsService } from './statements.service.js';

@Controller()
export class StatementsHandler {
  constructor(private readonly statements: StatementsService) {}

  @Answers(royalties.registerStatement)
  register(@Payload() request: RegisterStatement, @Ctx() call: Call): Promise<StatementReceipt> {
    requireRole(call, 'admin');
    return this.statements.register(call, request);
  }

  @Answers(royalties.getStatement)
  get(@Payload() { id }: StatementId, @Ctx() call: Call): Promise<Statement> {
    requireRole(call, 'admin');
    return this.statements.get(call, id);
  }

  @Answers(royalties.listStatements)
  list(@Payload() request: ListStatements, @Ctx() call: Call): Promise<StatementPage> {
    requireRole(call, 'admin');
    return this.statements.list(call, request);
  }

  @Answers(royalties.voidStatement)
  void(@Payload() request: VoidStatement, @Ctx() call: Call): Promise<Statement> {
    requireRole(call, 'admin');
    return this.statements.void(call, request);
  }

  @Answers(royalties.rejectedLines)
  rejected(@Payload() { id }: StatementId, @Ctx() call: Call): Promise<StoredFile> {
    requireRole(call, 'admin');
    return this.statements.rejected(call, id);
  }

  @Answers(royalties.unmatchedLabels)
  unmatched(@Payload() { id }: StatementId, @Ctx() call: Call): Promise<UnmatchedLabel[]> {
    requireRole(call, 'admin');
    return this.statements.unmatched(call, id);
  }
}
