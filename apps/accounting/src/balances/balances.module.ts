import { Module } from '@nestjs/common';
import { BookkeepingModule } from '../bookkeeping/bookkeeping.module.js';
import { PeopleModule } from '@countinghouse/people';
import { BalancesHandler } from './balances.handler.js';
import { BalancesService } from './balances.service.js';

@Module({
  imports: [PeopleModule, BookkeepingModule],
  controllers: [BalancesHandler],
  providers: [BalancesService],
  exports: [BalancesService],
})
export class BalancesModule {}
