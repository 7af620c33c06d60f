import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { logger } from '../logging/logger.js';
import type { DatabaseOptions } from './data-source.js';
import { kitMigrations } from './migrations/index.js';

/** Any number that nothing else locks in a service's own database. */
const migrationLock = 7_010_926;

const allMigrations = ({ migrations }: DatabaseOptions) => [...kitMigrations, ...migrations];

/**
 * Brings the schema up to date as its owner. Replicas that start together take turns, so each migration runs once.
 */
export const migrate = async (options: DatabaseOptions & { ownerUrl: string }): Promise<void> => {
  const { ownerUrl } = options;
  const lock = new Client({ connectionString: ownerUrl, application_name: `${options.service} migrations` });
  lock.on('error', (error) => logger().warn(`The connection that holds the migration lock was lost: ${error.message}`));
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await runMigrations(options);
  } finally {
    await lock.end();
  }
};

const runMigrations = async (options: DatabaseOptions & { ownerUrl: string }): Promise<void> => {
  const owner = new DataSource({
    type: 'postgres',
    url: options.ownerUrl,
    migrations: allMigrations(options),
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolSize: 1,
    extra: {
      application_name: `${options.service} migrations`,
      connectionTimeoutMillis: 5_000,
      options: `-c app.service_role=${roleOf(options.url)}`,
    },
  });
  await owner.initialize();
  try {
    const done = await owner.runMigrations();
    if (done.length > 0) logger().info(`Applied ${done.length} migrations, up to ${done.at(-1)?.name}`);
    await owner.query(`GRANT SELECT ON migrations TO "${roleOf(options.url)}"`);
  } finally {
    await owner.destroy();
  }
};

/** The names of the migrations that this code needs and the database has not seen. */
export const pendingMigrations = async (client: Client, options: DatabaseOptions): Promise<string[]> => {
  const { rows } = await client.query(`SELECT to_regclass('migrations') IS NOT NULL AS exists`);
  const applied = rows[0].exists ? (await client.query<{ name: string }>('SELECT name FROM migrations')).rows : [];
  const names = new Set(applied.map(({ name }) => name));
  return allMigrations(options)
    .map(({ name }) => name)
    .filter((name) => !names.has(name));
};

export const roleOf = (url: string): string => decodeURIComponent(new URL(url).username);
