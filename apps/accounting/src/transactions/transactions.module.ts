import { Module } from '@nestjs/common';
import { PeopleModule } from '@countinghouse/people';
import { TransactionsHandler } from './transactions.handler.js';
import { TransactionsService } from './transactions.service.js';

@Module({ imports: [PeopleModule], controllers: [TransactionsHandler], providers: [TransactionsService] })
export class TransactionsModule {}
