import { accounting, type Call, type TransactionsExport, TransactionsToExport } from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { TransactionsExportService } from './transactions-export.service.js';

@Controller()
export class TransactionsExportHandler {
  constructor(private readonly exports: TransactionsExportService) {}

  @Answers(accounting.exportTransactions)
  next(@Payload() request: TransactionsToExport, @Ctx() call: Call): Promise<TransactionsExport> {
    requireRole(call, 'admin');
    return this.exports.next(call, request);
  }
}
