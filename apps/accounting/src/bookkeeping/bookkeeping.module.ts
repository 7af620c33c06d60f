import { Module } from '@nestjs/common';
import { EntriesModule } from '../entries/entries.module.js';
import { PeopleModule } from '@countinghouse/people';
import { BookkeepingHandler } from './bookkeeping.handler.js';
import { BookkeepingJob } from './bookkeeping.job.js';
import { EarningsService } from './earnings.service.js';
import { EvaluationService } from './evaluation.service.js';
import { RecalculationService } from './recalculation.service.js';
import { RevenueFactsService } from './revenue-facts.service.js';

@Module({
  imports: [PeopleModule, EntriesModule],
  controllers: [BookkeepingHandler],
  providers: [BookkeepingJob, EarningsService, EvaluationService, RecalculationService, RevenueFactsService],
  exports: [RecalculationService],
})
export class BookkeepingModule {}
