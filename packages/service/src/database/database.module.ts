import { type DynamicModule, Global, Module, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Health } from '../operations/health.js';
import type { DatabaseOptions } from './data-source.js';
import { openDatabase } from './open-database.js';
import { closeReadConnections } from './read-connection.js';
import { Retention } from './retention.js';
import { Transactions } from './transactions.js';

/**
 * The service's database: a `DataSource` and `Transactions` to inject anywhere. Provided without TypeOrmModule.forRoot,
 * which answers a refused start with a stack trace.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    @Optional() health?: Health,
  ) {
    health?.add('database', async () => void (await dataSource.query('SELECT 1')));
  }

  static forRoot(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: DataSource, useFactory: () => openDatabase(options) }, Transactions, Retention],
      exports: [DataSource, Transactions],
    };
  }

  /** After everything that works with the database has stopped. */
  async onApplicationShutdown(): Promise<void> {
    await closeReadConnections(this.dataSource);
    await this.dataSource.destroy();
  }
}
