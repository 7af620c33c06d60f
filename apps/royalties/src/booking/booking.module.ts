import { Module } from '@nestjs/common';
import { UserReportsModule } from '../user-reports/user-reports.module.js';
import { BookingService } from './booking.service.js';
import { MatchSuspenseJob } from './match-suspense.job.js';

@Module({
  imports: [UserReportsModule],
  providers: [BookingService, MatchSuspenseJob],
  exports: [BookingService],
})
export class BookingModule {}
