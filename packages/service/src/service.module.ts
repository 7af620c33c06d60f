import type { Fact } from '@countinghouse/contracts';
import { type DynamicModule, Module } from '@nestjs/common';
import { BusModule } from './bus/bus.module.js';
import type { ServiceEnvironment } from './config/environment.js';
import type { DatabaseOptions } from './database/data-source.js';
import { DatabaseModule } from './database/database.module.js';
import { FactsModule } from './facts/facts.module.js';
import { JobsModule } from './jobs/jobs.module.js';

export interface ServiceModuleOptions {
  /** The service's name, also that of its database role. */
  name: string;
  config: ServiceEnvironment;
  database: Pick<DatabaseOptions, 'entities' | 'migrations'>;
  /** The facts that this service makes known. */
  publishes?: readonly Fact[];
}

/** What every service stands on: the bus, its database, facts that travel, and jobs. */
@Module({})
export class ServiceModule {
  static forRoot({ name, config, database, publishes = [] }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      imports: [
        BusModule.forRoot({ name, config }),
        DatabaseModule.forRoot({
          service: name,
          url: config.DATABASE_URL,
          ownerUrl: config.MIGRATION_DATABASE_URL,
          ...database,
        }),
        FactsModule.forRoot({ service: name, publishes }),
        JobsModule.forRoot({ service: name }),
      ],
    };
  }
}
