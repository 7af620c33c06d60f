import type { MigrationInterface, QueryRunner } from 'typeorm';
import { crossTenantFunction, tenantTable } from '../tenancy.js';

export class Idempotency0000000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // json, not jsonb: the replayed answer has its members in the order of the first one.
    await queryRunner.query(`
      CREATE TABLE idempotency_key (
        tenant_id integer NOT NULL,
        principal text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        body_hash text NOT NULL,
        reply json NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, principal, route, key)
      )`);
    await queryRunner.query(`CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at)`);
    await tenantTable(queryRunner, 'idempotency_key', 'SELECT, INSERT');
    await crossTenantFunction(
      queryRunner,
      'purge_idempotency_keys(interval)',
      'purge_idempotency_keys(older_than interval) RETURNS void LANGUAGE sql',
      `DELETE FROM idempotency_key WHERE created_at < now() - older_than`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION purge_idempotency_keys(interval)`);
    await queryRunner.query(`DROP TABLE idempotency_key`);
  }
}
