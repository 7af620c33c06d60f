import { PeopleModule } from '@countinghouse/people';
import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { UserStatementHandler } from './user-statement.handler.js';
import { UserStatementService } from './user-statement.service.js';

@Module({
  imports: [PeopleModule, BalancesModule],
  controllers: [UserStatementHandler],
  providers: [UserStatementService],
})
export class UserStatementModule {}
