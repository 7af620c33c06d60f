import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a file relates to what is there for its month, what it must sum up to, and the end of a statement. */
export class Corrections1795266000000 implements MigrationInterface {
  name = 'Corrections1795266000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE statement
        ADD COLUMN mode text CHECK (mode IN ('supplement', 'replace')),
        ADD COLUMN declared_total numeric,
        ADD COLUMN voided_at timestamptz,
        ADD COLUMN void_reason text,
        ADD CHECK ((state = 'voided') = (voided_at IS NOT NULL)),
        ADD CHECK ((state = 'voided') = (void_reason IS NOT NULL))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE statement
        DROP COLUMN mode, DROP COLUMN declared_total, DROP COLUMN voided_at, DROP COLUMN void_reason`);
  }
}
