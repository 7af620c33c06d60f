import { tenantTable } from '@countinghouse/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How distributors of a tenant's own write their files. As JSON rather than JSONB: it is answered as it was sent. */
export class OwnLayouts1795268000000 implements MigrationInterface {
  name = 'OwnLayouts1795268000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE layout (
        tenant_id integer NOT NULL,
        name text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Z0-9][A-Z0-9_-]{0,59}$'),
        layout json NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, name)
      )`);
    await tenantTable(queryRunner, 'layout', 'SELECT, INSERT, DELETE');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE layout`);
  }
}
