import { tenantTable } from '@countinghouse/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was made known of each booking's royalties, and what they come to. */
export class Earnings1795270000000 implements MigrationInterface {
  name = 'Earnings1795270000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(earnings);
    await queryRunner.query(totals);
    await tenantTable(queryRunner, 'earnings', 'SELECT, INSERT');
    await tenantTable(queryRunner, 'royalty_total', 'SELECT, INSERT, DELETE');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE royalty_total, earnings`);
  }
}

/** The earnings file of a booking. */
const earnings = `
  CREATE TABLE earnings (
    tenant_id integer NOT NULL,
    booking_id bigint NOT NULL,
    currency text NOT NULL,
    storage_key text NOT NULL,
    sha256 text NOT NULL,
    rows bigint NOT NULL,
    amount numeric NOT NULL,
    PRIMARY KEY (tenant_id, booking_id),
    FOREIGN KEY (tenant_id, booking_id) REFERENCES booking (tenant_id, id)
  )`;

/**
 * What the earnings that are in force come to: a row for each booking, user (NULL for all of them together) and grouping,
 * with arrays of the same length. A row for each key would take twice the space.
 */
const totals = `
  CREATE TABLE royalty_total (
    tenant_id integer NOT NULL,
    user_id uuid,
    grouping text NOT NULL,
    booking_id bigint NOT NULL,
    keys text[] NOT NULL,
    streams numeric[] NOT NULL,
    streams_royalties numeric[] NOT NULL,
    downloads numeric[] NOT NULL,
    downloads_royalties numeric[] NOT NULL,
    royalties numeric[] NOT NULL,
    UNIQUE NULLS NOT DISTINCT (tenant_id, user_id, grouping, booking_id),
    FOREIGN KEY (tenant_id, booking_id) REFERENCES earnings (tenant_id, booking_id)
  );
  CREATE INDEX royalty_total_by_booking ON royalty_total (tenant_id, booking_id)`;
