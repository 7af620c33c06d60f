import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { PeopleModule } from '@countinghouse/people';
import { BookHandler } from './book.handler.js';
import { BookService } from './book.service.js';

@Module({ imports: [PeopleModule, BalancesModule], controllers: [BookHandler], providers: [BookService] })
export class BookModule {}
