import { royaltiesFacts } from '@countinghouse/contracts';
import { ServiceModule } from '@countinghouse/service';
import { Module } from '@nestjs/common';
import { BookingModule } from './booking/booking.module.js';
import { config } from './config.js';
import { ContractEntity } from './contracts/contract.entity.js';
import { ContractsModule } from './contracts/contracts.module.js';
import { migrations } from './database/migrations/index.js';
import { ObjectSweepModule } from './object-sweep/object-sweep.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { ReportStatementModule } from './report-statement/report-statement.module.js';
import { OwnLayoutsModule } from './own-layouts/own-layouts.module.js';
import { StatementEntity } from './statements/statement.entity.js';
import { StatementsModule } from './statements/statements.module.js';
import { StorageModule } from './storage.module.js';
import { UserReportsModule } from './user-reports/user-reports.module.js';

@Module({
  imports: [
    ServiceModule.forRoot({
      name: 'royalties',
      config,
      database: { entities: [ContractEntity, StatementEntity], migrations },
      publishes: Object.values(royaltiesFacts),
    }),
    StorageModule,
    ContractsModule,
    StatementsModule,
    OwnLayoutsModule,
    BookingModule,
    UserReportsModule,
    ReportStatementModule,
    PaymentsModule,
    ObjectSweepModule,
  ],
})
export class AppModule {}
