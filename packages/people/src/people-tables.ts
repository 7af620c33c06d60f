import { tenantTable } from '@countinghouse/service';
import type { QueryRunner } from 'typeorm';

/** For migrations: the tables of what identity has told. */
export async function peopleTables(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`
    CREATE TABLE known_user (
      tenant_id integer NOT NULL,
      id uuid NOT NULL,
      email text NOT NULL,
      first_name text NOT NULL,
      last_name text NOT NULL,
      search_text text NOT NULL,
      roles text[] NOT NULL,
      deleted boolean NOT NULL,
      version integer NOT NULL,
      PRIMARY KEY (tenant_id, id)
    );
    CREATE TABLE known_tenant (
      tenant_id integer PRIMARY KEY,
      name text NOT NULL,
      currency text NOT NULL,
      time_zone text NOT NULL,
      language text NOT NULL,
      vat_rate numeric NOT NULL,
      auto_revenue text[] NOT NULL,
      max_rejected_percent numeric NOT NULL,
      version integer NOT NULL
    )`);
  await tenantTable(queryRunner, 'known_user', 'SELECT, INSERT, UPDATE');
  await tenantTable(queryRunner, 'known_tenant', 'SELECT, INSERT, UPDATE');
}

export const dropPeopleTables = (queryRunner: QueryRunner): Promise<unknown> =>
  queryRunner.query(`DROP TABLE known_tenant, known_user`);
