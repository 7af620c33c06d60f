// The row that the peers read: the same figures as a user of the product, in a table of their own.
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

export const createUsers = async (databaseUrl, count) => {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS bench;
    DROP TABLE IF EXISTS bench.person;
    CREATE TABLE bench.person (
      tenant_id integer NOT NULL, id uuid NOT NULL, email text NOT NULL, "firstName" text NOT NULL,
      "lastName" text NOT NULL, roles text[] NOT NULL, PRIMARY KEY (tenant_id, id))`);
  const ids = Array.from({ length: count }, () => randomUUID());
  await client.query(
    `INSERT INTO bench.person SELECT 1, id, id || '@bench.example', 'Ada', 'Lovelace', '{member}' FROM unnest($1::uuid[]) AS id`,
    [ids],
  );
  await client.end();
  return ids;
};
