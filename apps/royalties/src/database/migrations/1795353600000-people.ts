import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is kept of users and tenants is the same in every service. */
export class People1795353600000 implements MigrationInterface {
  name = 'People1795353600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE known_user
        ADD COLUMN search_text text NOT NULL DEFAULT '',
        ADD COLUMN roles text[] NOT NULL DEFAULT '{}';
      ALTER TABLE known_tenant
        ADD COLUMN vat_rate numeric NOT NULL DEFAULT 0,
        ADD COLUMN auto_revenue text[] NOT NULL DEFAULT '{}';
      ALTER TABLE known_user ALTER search_text DROP DEFAULT, ALTER roles DROP DEFAULT;
      ALTER TABLE known_tenant ALTER vat_rate DROP DEFAULT, ALTER auto_revenue DROP DEFAULT`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE known_tenant DROP COLUMN auto_revenue, DROP COLUMN vat_rate;
      ALTER TABLE known_user DROP COLUMN roles, DROP COLUMN search_text`);
  }
}
