import { Module } from '@nestjs/common';
import { TransactionsExportHandler } from './transactions-export.handler.js';
import { TransactionsExportService } from './transactions-export.service.js';

@Module({ controllers: [TransactionsExportHandler], providers: [TransactionsExportService] })
export class TransactionsExportModule {}
