import { crossTenantFunction, tenantTable } from '@countinghouse/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when nothing refers to objects that are still in storage, and whose objects have not been looked at for long. */
export class ObjectSweep1795355000000 implements MigrationInterface {
  name = 'ObjectSweep1795355000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE unreferenced_object (
        tenant_id integer NOT NULL,
        key text NOT NULL,
        since timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key)
      )`);
    await tenantTable(queryRunner, 'unreferenced_object', 'SELECT, INSERT, DELETE');
    await crossTenantFunction(
      queryRunner,
      'object_sweeps_due(interval)',
      'object_sweeps_due(every interval) RETURNS SETOF integer LANGUAGE sql STABLE',
      `SELECT tenant_id FROM known_tenant WHERE NOT EXISTS (
         SELECT FROM job
         WHERE job.tenant_id = known_tenant.tenant_id AND name = 'object-sweep' AND created_at > now() - every
       )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP FUNCTION object_sweeps_due(interval); DROP TABLE unreferenced_object`);
  }
}
