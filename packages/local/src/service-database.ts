import { readFileSync } from 'node:fs';
import { Client, type DatabaseError, escapeIdentifier, escapeLiteral } from 'pg';

export interface ServiceDatabase {
  service: string;
  owner: string;
  owner_password: string;
  service_password: string;
}

const script = readFileSync(new URL('../sql/service-database.sql', import.meta.url), 'utf8');
/** duplicate_object and duplicate_database: what CREATE says of what an earlier start made. */
const isThere = new Set(['42710', '42P04']);

/** Makes a service's database and roles, or what of them is missing; the passwords become those given. */
export async function ensureServiceDatabase(
  database: ServiceDatabase,
  urlOf: (database: string) => string,
): Promise<void> {
  const [cluster = '', inDatabase = ''] = fill(script, database).split(/^\\connect .*$/m);
  await run(cluster, urlOf('postgres'));
  await run(inDatabase, urlOf(database.service));
}

async function run(sql: string, url: string): Promise<void> {
  // What is there already is no error, and should not look like one in the server's log.
  const client = new Client({ connectionString: url, options: '-c log_min_messages=fatal' });
  await client.connect();
  try {
    for (const statement of statements(sql)) await client.query(statement).catch(unlessThere);
  } finally {
    await client.end();
  }
}

const unlessThere = (error: DatabaseError) => {
  if (!isThere.has(error.code ?? '')) throw error;
};

/** One by one, as CREATE DATABASE must be. Only comments of a whole line and no semicolon inside a statement. */
const statements = (sql: string) =>
  sql
    .replace(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);

/** psql's variables: `:"name"` is an identifier, `:'name'` a string. */
const fill = (sql: string, values: ServiceDatabase) =>
  sql.replace(/:(["'])(\w+)\1/g, (_, quote: string, name: keyof ServiceDatabase) =>
    quote === '"' ? escapeIdentifier(values[name]) : escapeLiteral(values[name]),
  );
