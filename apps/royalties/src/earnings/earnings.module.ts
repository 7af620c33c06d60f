import { Module } from '@nestjs/common';
import { PeopleModule } from '@countinghouse/people';
import { EarningsService } from './earnings.service.js';
import { RoyaltyHandler } from './royalty.handler.js';

@Module({
  imports: [PeopleModule],
  controllers: [RoyaltyHandler],
  providers: [EarningsService],
  exports: [EarningsService],
})
export class EarningsModule {}
