import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';

export interface DatabaseUrls {
  /** Connects with the plain role, which row-level security binds. */
  url: string;
  /** Connects with the role that owns the database and its tables. */
  ownerUrl: string;
}

export interface TestDatabase extends DatabaseUrls {
  /** As superuser, for what a test must see from outside. */
  adminUrl: string;
  drop(): Promise<void>;
}

/** Set by the jest global setup of this package. */
export const serverVariable = 'COUNTINGHOUSE_TEST_POSTGRES';

const serverUrl = (): string => {
  const url = process.env[serverVariable];
  if (!url)
    throw new Error(`No PostgreSQL for tests: add globalSetup '@countinghouse/testing/jest-setup' to jest.config.mjs`);
  return url;
};

/**
 * A database of its own for one spec file: a copy of a template that `migrate` has prepared once per test run.
 *
 * @param service names the template and the roles, `<service>` and `<service>_owner`
 */
export const testDatabase = async (
  service: string,
  migrate: (urls: DatabaseUrls) => Promise<void>,
  server: string = serverUrl(),
): Promise<TestDatabase> => {
  const template = `${service}_template`;
  const name = `${service}_${randomUUID().slice(0, 8)}`;
  await withClient(server, async (admin) => {
    // Spec files run side by side: the first one makes the template, the others wait for it.
    await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(admin, server, service, template, migrate);
    await admin.query(
      `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)} OWNER ${escapeIdentifier(`${service}_owner`)}`,
    );
  });
  return {
    ...urlsOf(server, service, name),
    adminUrl: urlOf(server, name),
    drop: () =>
      withClient(server, async (admin) => {
        await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      }),
  };
};

const makeTemplate = async (
  admin: Client,
  server: string,
  service: string,
  template: string,
  migrate: (urls: DatabaseUrls) => Promise<void>,
) => {
  const owner = `${service}_owner`;
  // Under another name until it is complete, so that a failed migration is not taken for a template.
  const draft = `${template}_draft`;
  await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(draft)} WITH (FORCE)`);
  for (const role of [service, owner].map(escapeIdentifier)) {
    await admin.query(`DROP ROLE IF EXISTS ${role}`);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'test'`);
  }
  await admin.query(`CREATE DATABASE ${escapeIdentifier(draft)} OWNER ${escapeIdentifier(owner)}`);
  await migrate(urlsOf(server, service, draft));
  await admin.query(`ALTER DATABASE ${escapeIdentifier(draft)} RENAME TO ${escapeIdentifier(template)}`);
};

const urlsOf = (server: string, service: string, database: string): DatabaseUrls => ({
  url: urlOf(server, database, service),
  ownerUrl: urlOf(server, database, `${service}_owner`),
});

const urlOf = (server: string, database: string, role?: string): string => {
  const url = new URL(server);
  url.pathname = database;
  if (role) {
    url.username = role;
    url.password = 'test';
  }
  return url.href;
};

const withClient = async (url: string, work: (client: Client) => Promise<void>): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
};
