import type { ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema, type MigrationInterface } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { logger } from '../logging/logger.js';
import { pgTypes } from './pg-types.js';

type Class<T> = new (...args: never[]) => T;

export interface DatabaseOptions {
  /** What the connections are called in pg_stat_activity. */
  service: string;
  /** Connects with the service's plain role. */
  url: string;
  /** Connects with the role that owns the tables; used only while migrating, and may be absent afterwards. */
  ownerUrl?: string | undefined;
  entities: (Class<object> | EntitySchema)[];
  migrations: Class<MigrationInterface>[];
  /** Connections of this process at most. */
  poolSize?: number;
}

/** Settings of every connection of a service: each wait ends, and a network that goes silent is noticed. */
export const connectionSettings = (service: string) => ({
  application_name: service,
  connectionTimeoutMillis: 5_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  types: pgTypes,
});

/** The settings of a data source, for a connection that is not from its pool. */
export const clientSettings = ({ options }: DataSource): ClientConfig => {
  const { url, extra } = options as PostgresDataSourceOptions;
  return { connectionString: url, ...extra };
};

export const serviceDataSource = ({ service, url, entities, poolSize = 10 }: DatabaseOptions): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    entities,
    installExtensions: false,
    poolSize,
    extra: connectionSettings(service),
    // An idle connection that breaks is simply replaced; without a listener it would end the process.
    poolErrorHandler: (error: Error) => logger().warn(`A database connection was lost: ${error.message}`),
  } satisfies DataSourceOptions);
