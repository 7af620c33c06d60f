import { Module } from '@nestjs/common';
import { EntriesModule } from '../entries/entries.module.js';
import { PeopleModule } from '@countinghouse/people';
import { PaymentsHandler } from './payments.handler.js';
import { PaymentsService } from './payments.service.js';

@Module({ imports: [PeopleModule, EntriesModule], controllers: [PaymentsHandler], providers: [PaymentsService] })
export class PaymentsModule {}
