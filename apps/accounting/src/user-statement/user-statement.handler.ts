import { accounting, type Call, type StoredFile, UserStatementQuery } from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { UserStatementService } from './user-statement.service.js';

@Controller()
export class UserStatementHandler {
  constructor(private readonly statements: UserStatementService) {}

  @Answers(accounting.userStatement)
  statement(@Payload() request: UserStatementQuery, @Ctx() call: Call): Promise<StoredFile> {
    requireRole(call, 'member', 'admin');
    return this.statements.statement(call, request);
  }
}
