import { Module } from '@nestjs/common';
import { ReportStatementHandler } from './report-statement.handler.js';
import { ReportStatementService } from './report-statement.service.js';

@Module({ controllers: [ReportStatementHandler], providers: [ReportStatementService] })
export class ReportStatementModule {}
