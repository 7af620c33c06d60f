import { type Call, ReportId, royalties, type StoredFile } from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ReportStatementService } from './report-statement.service.js';

@Controller()
export class ReportStatementHandler {
  constructor(private readonly statements: ReportStatementService) {}

  @Answers(royalties.reportStatement)
  statement(@Payload() { id }: ReportId, @Ctx() call: Call): Promise<StoredFile> {
    requireRole(call, 'member', 'admin');
    return this.statements.statement(call, id);
  }
}
