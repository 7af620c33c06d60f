import { accountingFacts } from '@countinghouse/contracts';
import { MovementFolding } from '@countinghouse/ledger/tables';
import { ServiceModule } from '@countinghouse/service';
import { Module } from '@nestjs/common';
import { BalancesModule } from './balances/balances.module.js';
import { BookModule } from './book/book.module.js';
import { BookkeepingModule } from './bookkeeping/bookkeeping.module.js';
import { config } from './config.js';
import { migrations } from './database/migrations/index.js';
import { EntriesModule } from './entries/entries.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { SplitsModule } from './splits/splits.module.js';
import { StorageModule } from './storage.module.js';
import { TransactionsExportModule } from './transactions-export/transactions-export.module.js';
import { UserStatementModule } from './user-statement/user-statement.module.js';
import { TransactionsModule } from './transactions/transactions.module.js';

@Module({
  imports: [
    ServiceModule.forRoot({
      name: 'accounting',
      config,
      database: { entities: [], migrations },
      publishes: Object.values(accountingFacts),
    }),
    StorageModule,
    SplitsModule,
    BookkeepingModule,
    EntriesModule,
    PaymentsModule,
    BalancesModule,
    TransactionsModule,
    TransactionsExportModule,
    UserStatementModule,
    BookModule,
  ],
  providers: [MovementFolding],
})
export class AppModule {}
