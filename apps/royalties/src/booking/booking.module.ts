import { Module } from '@nestjs/common';
import { EarningsModule } from '../earnings/earnings.module.js';
import { UserReportsModule } from '../user-reports/user-reports.module.js';
import { BookingService } from './booking.service.js';
import { MatchSuspenseJob } from './match-suspense.job.js';
import { VoidingService } from './voiding.service.js';

@Module({
  imports: [EarningsModule, UserReportsModule],
  providers: [BookingService, VoidingService, MatchSuspenseJob],
  exports: [BookingService, VoidingService],
})
export class BookingModule {}
