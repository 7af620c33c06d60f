import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Tenancy0000000000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // Empty is what the setting falls back to after a transaction that had set it.
    await queryRunner.query(`
      CREATE FUNCTION current_tenant() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
      RETURN nullif(current_setting('app.tenant', true), '')::integer`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION current_tenant()`);
  }
}
