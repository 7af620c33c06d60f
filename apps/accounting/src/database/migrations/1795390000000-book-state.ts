import { tenantTable } from '@countinghouse/service';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the book is split by is kept beside it, so that a change of splits is booked as what it changes. `version` moves
 * with every step of the bookkeeping; a step that was worked out for another version than the present one is not taken.
 */
export class BookState1795390000000 implements MigrationInterface {
  name = 'BookState1795390000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE book_state (
        tenant_id integer PRIMARY KEY,
        version bigint NOT NULL,
        split_revision bigint NOT NULL
      );
      CREATE TABLE booked_split (
        tenant_id integer NOT NULL,
        id bigint NOT NULL,
        split jsonb NOT NULL,
        PRIMARY KEY (tenant_id, id)
      );
      INSERT INTO book_state SELECT tenant_id, 0, booked_revision FROM split_revision;
      INSERT INTO booked_split
        SELECT tenant_id, id, jsonb_build_object(
          'id', id,
          'scope', jsonb_strip_nulls(jsonb_build_object('isrc', isrc, 'upc', upc, 'artist', artist, 'label', label)),
          'startDate', start_date, 'endDate', end_date, 'conditions', conditions,
          'shares', (
            SELECT jsonb_agg(jsonb_build_object('userId', user_id, 'share', trim_scale(share)::text) ORDER BY position)
            FROM split_share WHERE split_share.tenant_id = split.tenant_id AND split_id = split.id))
        FROM split WHERE active;
      ALTER TABLE split_revision DROP COLUMN booked_revision;
      ALTER TABLE earnings ADD COLUMN problem text`);
    await tenantTable(queryRunner, 'book_state', 'SELECT, INSERT, UPDATE');
    await tenantTable(queryRunner, 'booked_split', 'SELECT, INSERT, UPDATE, DELETE');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE earnings DROP COLUMN problem;
      ALTER TABLE split_revision ADD COLUMN booked_revision bigint NOT NULL DEFAULT 0;
      UPDATE split_revision SET booked_revision = book_state.split_revision
        FROM book_state WHERE book_state.tenant_id = split_revision.tenant_id;
      DROP TABLE booked_split, book_state`);
  }
}
