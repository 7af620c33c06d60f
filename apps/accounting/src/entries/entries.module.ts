import { Module } from '@nestjs/common';
import { PeopleModule } from '@countinghouse/people';
import { EntriesHandler } from './entries.handler.js';
import { EntriesService } from './entries.service.js';
import { EntryFolding } from './entry-folding.js';

@Module({
  imports: [PeopleModule],
  controllers: [EntriesHandler],
  providers: [EntriesService, EntryFolding],
  exports: [EntriesService],
})
export class EntriesModule {}
