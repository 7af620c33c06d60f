import { Module } from '@nestjs/common';
import { PeopleModule } from '@countinghouse/people';
import { BookkeepingModule } from '../bookkeeping/bookkeeping.module.js';
import { SplitsHandler } from './splits.handler.js';
import { SplitsService } from './splits.service.js';

@Module({ imports: [PeopleModule, BookkeepingModule], controllers: [SplitsHandler], providers: [SplitsService] })
export class SplitsModule {}
