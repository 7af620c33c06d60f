import { Module } from '@nestjs/common';
import { EntriesModule } from '../entries/entries.module.js';
import { PeopleModule } from '@countinghouse/people';
import { AdjustmentsService } from './adjustments.service.js';
import { BookkeepingHandler } from './bookkeeping.handler.js';
import { BookkeepingJob } from './bookkeeping.job.js';
import { EarningsFilesService } from './earnings-files.service.js';
import { EarningsService } from './earnings.service.js';
import { EvaluationService } from './evaluation.service.js';
import { RecalculationService } from './recalculation.service.js';
import { RevenueFactsService } from './revenue-facts.service.js';
import { SplitChangesService } from './split-changes.service.js';

@Module({
  imports: [PeopleModule, EntriesModule],
  controllers: [BookkeepingHandler],
  providers: [
    AdjustmentsService,
    BookkeepingJob,
    EarningsFilesService,
    EarningsService,
    EvaluationService,
    RecalculationService,
    RevenueFactsService,
    SplitChangesService,
  ],
  exports: [RecalculationService],
})
export class BookkeepingModule {}
