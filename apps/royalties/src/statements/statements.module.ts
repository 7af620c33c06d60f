import { Module } from '@nestjs/common';
import { PeopleModule } from '@countinghouse/people';
import { BookingModule } from '../booking/booking.module.js';
import { UserReportsModule } from '../user-reports/user-reports.module.js';
import { StatementJob } from './statement.job.js';
import { StatementsHandler } from './statements.handler.js';
import { StatementsService } from './statements.service.js';

@Module({
  imports: [PeopleModule, BookingModule, UserReportsModule],
  controllers: [StatementsHandler],
  providers: [StatementsService, StatementJob],
})
export class StatementsModule {}
