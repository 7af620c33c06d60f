import { tenantTable } from '@countinghouse/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is taken back, put in another's place, paid and cancelled. */
export class Corrections1795266000000 implements MigrationInterface {
  name = 'Corrections1795266000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(statements);
    await queryRunner.query(bookings);
    await queryRunner.query(reports);
    await queryRunner.query(payments);
    await tenantTable(queryRunner, 'payment', 'SELECT, INSERT, UPDATE');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE payment;
      DROP INDEX user_report_ordinary;
      ALTER TABLE user_report DROP COLUMN adjusts, DROP COLUMN cancel_reason;
      CREATE UNIQUE INDEX user_report_pending
        ON user_report (tenant_id, user_id, distributor, reporting_month, currency) WHERE debit_state = 'PENDING';
      DROP INDEX booking_by_statement;
      ALTER TABLE booking
        DROP COLUMN reverses,
        DROP CONSTRAINT booking_kind_check,
        ADD CONSTRAINT booking_kind_check CHECK (kind IN ('statement', 'late-match'));
      ALTER TABLE statement
        DROP COLUMN mode, DROP COLUMN declared_total, DROP COLUMN voided_at, DROP COLUMN void_reason`);
  }
}

const statements = `
  ALTER TABLE statement
    ADD COLUMN mode text CHECK (mode IN ('supplement', 'replace')),
    ADD COLUMN declared_total numeric,
    ADD COLUMN voided_at timestamptz,
    ADD COLUMN void_reason text,
    ADD CHECK ((state = 'voided') = (voided_at IS NOT NULL)),
    ADD CHECK ((state = 'voided') = (void_reason IS NOT NULL))`;

/** A booking of kind `void` has the figures of the one it reverses, negative, and the same file. Nothing is reversed twice. */
const bookings = `
  ALTER TABLE booking
    ADD COLUMN reverses bigint,
    DROP CONSTRAINT booking_kind_check,
    ADD CONSTRAINT booking_kind_check CHECK (kind IN ('statement', 'late-match', 'void')),
    ADD CHECK ((kind = 'void') = (reverses IS NOT NULL)),
    ADD CONSTRAINT booking_reversed_once UNIQUE (tenant_id, reverses),
    ADD FOREIGN KEY (tenant_id, reverses) REFERENCES booking (tenant_id, id);
  CREATE INDEX booking_by_statement ON booking (tenant_id, statement_id)`;

/**
 * Of all reports of an owner, distributor, month and currency, one is ordinary and the others adjust it. Two of them may
 * be pending when a payment was voided; which one takes further lines is said by `saveBooking`.
 */
const reports = `
  ALTER TABLE user_report
    ADD COLUMN adjusts bigint,
    ADD COLUMN cancel_reason text,
    ADD FOREIGN KEY (tenant_id, adjusts) REFERENCES user_report (tenant_id, id),
    ADD CHECK (adjusts < id),
    ADD CHECK ((debit_state = 'CANCELLED') = (cancel_reason IS NOT NULL));
  DROP INDEX user_report_pending;
  CREATE UNIQUE INDEX user_report_ordinary
    ON user_report (tenant_id, user_id, distributor, reporting_month, currency) WHERE adjusts IS NULL`;

/** What accounting has told of payments; that one was voided may come to be known before that it was made. */
const payments = `
  CREATE TABLE payment (
    tenant_id integer NOT NULL,
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    report_ids bigint[] NOT NULL,
    paid_at timestamptz,
    voided_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (paid_at IS NOT NULL OR voided_at IS NOT NULL)
  );
  CREATE INDEX payment_by_user ON payment (tenant_id, user_id)`;
