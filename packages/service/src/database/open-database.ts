import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { logger } from '../logging/logger.js';
import { databaseRefusal, isTemporary } from './database-errors.js';
import { connectionSettings, serviceDataSource, type DatabaseOptions } from './data-source.js';
import { migrate, pendingMigrations, roleOf } from './migrate.js';

/** Waits for PostgreSQL, migrates, and opens the pool; refuses a schema or role that would break a promise. */
export const openDatabase = async (options: DatabaseOptions): Promise<DataSource> => {
  await waitForPostgres(options);
  const { ownerUrl } = options;
  if (ownerUrl) await migrate({ ...options, ownerUrl });
  await withClient(options, async (client) => {
    await refuseOutdatedSchema(client, options);
    await refusePowerfulRole(client, options);
  });
  return serviceDataSource(options).initialize();
};

const withClient = async <T>({ url, service }: DatabaseOptions, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url, ...connectionSettings(service) });
  client.on('error', () => {}); // the query in progress reports it
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
};

const waitForPostgres = async (options: DatabaseOptions): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await withClient(options, async (client) => void (await client.query('SELECT 1')));
    } catch (error) {
      if (!isTemporary(databaseRefusal(error))) throw explained(error, options);
      if (attempt % 10 === 0) logger().warn(`Waiting for PostgreSQL at ${new URL(options.url).host}: ${reason(error)}`);
      await delay(1_000);
    }
  }
};

/** An attempt at several addresses has an error for each and no message of its own. */
const reason = (error: unknown) => {
  const { message, errors } = error as Error & { errors?: Error[] };
  return message || errors?.[0]?.message;
};

const explained = (error: unknown, { url }: DatabaseOptions): Error =>
  new Error(
    `PostgreSQL at ${new URL(url).host} refuses ${roleOf(url)} (${reason(error)}). Check DATABASE_URL: database, role and password must exist.`,
    { cause: error },
  );

const refuseOutdatedSchema = async (client: Client, options: DatabaseOptions): Promise<void> => {
  const pending = await pendingMigrations(client, options);
  if (pending.length === 0) return;
  throw new Error(
    `The database of ${options.service} lacks ${pending.length} migrations (${pending.slice(0, 3).join(', ')}${pending.length > 3 ? ', …' : ''}). ` +
      'Start once with MIGRATION_DATABASE_URL set to the owner role; it applies them.',
  );
};

/** Row-level security does not hold back superusers, BYPASSRLS roles and table owners. */
const refusePowerfulRole = async (client: Client, options: DatabaseOptions): Promise<void> => {
  const { rows } = await client.query(`
    SELECT role.rolsuper AS superuser, role.rolbypassrls AS bypasses_rls, EXISTS (
      SELECT FROM pg_class
      WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'MEMBER')
    ) AS owner
    FROM pg_roles AS role WHERE role.rolname = current_user`);
  const power = rows[0].superuser ? 'a superuser' : rows[0].bypasses_rls ? 'BYPASSRLS' : 'the owner of the tables';
  if (rows[0].superuser || rows[0].bypasses_rls || rows[0].owner) {
    throw new Error(
      `${roleOf(options.url)} is ${power}, so one tenant could see another's rows. ` +
        'Set DATABASE_URL to a plain role and MIGRATION_DATABASE_URL to the owner.',
    );
  }
};
