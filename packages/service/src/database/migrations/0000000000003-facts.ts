import type { MigrationInterface, QueryRunner } from 'typeorm';
import { crossTenantFunction, serviceRole, tenantTable } from '../tenancy.js';

/** Facts on their way out (outbox), facts that came in (inbox), and those that could not be applied (dead letters). */
export class Facts0000000000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await outbox(queryRunner);
    await inbox(queryRunner);
    await deadLetters(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION dead_letter_count(); DROP FUNCTION dead_letters(text);
      DROP FUNCTION outbox_replay(); DROP FUNCTION outbox_published(uuid[]); DROP FUNCTION outbox_unpublished(integer);
      DROP TABLE dead_letter, inbox, fact_stream, outbox`);
  }
}

const outbox = async (queryRunner: QueryRunner): Promise<void> => {
  await queryRunner.query(`
    CREATE TABLE outbox (
      tenant_id integer NOT NULL,
      id uuid NOT NULL DEFAULT uuidv7(),
      subject text NOT NULL,
      body json NOT NULL,
      request_id text,
      traceparent text,
      created_at timestamptz NOT NULL DEFAULT now(),
      published_at timestamptz,
      PRIMARY KEY (tenant_id, id)
    )`);
  // Small whatever the size of the table: published facts are kept, so that they can be published again.
  await queryRunner.query(`CREATE INDEX outbox_unpublished_id ON outbox (id) WHERE published_at IS NULL`);
  await tenantTable(queryRunner, 'outbox', 'SELECT, INSERT');
  // What the broker's stream was when we last looked, to notice that it has lost its store.
  await queryRunner.query(`
    CREATE TABLE fact_stream (
      name text PRIMARY KEY,
      created text NOT NULL,
      last_sequence bigint NOT NULL
    )`);
  await queryRunner.query(`GRANT SELECT, INSERT, UPDATE ON fact_stream TO ${await serviceRole(queryRunner)}`);
  await crossTenantFunction(
    queryRunner,
    'outbox_unpublished(integer)',
    'outbox_unpublished(how_many integer) RETURNS SETOF outbox LANGUAGE sql STABLE',
    `SELECT * FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT how_many`,
  );
  await crossTenantFunction(
    queryRunner,
    'outbox_published(uuid[])',
    'outbox_published(ids uuid[]) RETURNS void LANGUAGE sql',
    `UPDATE outbox SET published_at = now() WHERE published_at IS NULL AND id = ANY(ids)`,
  );
  await crossTenantFunction(
    queryRunner,
    'outbox_replay()',
    'outbox_replay() RETURNS bigint LANGUAGE sql',
    `WITH replayed AS (UPDATE outbox SET published_at = NULL WHERE published_at IS NOT NULL RETURNING id)
     SELECT count(*) FROM replayed`,
  );
};

const inbox = async (queryRunner: QueryRunner): Promise<void> => {
  await queryRunner.query(`
    CREATE TABLE inbox (
      tenant_id integer NOT NULL,
      subject text NOT NULL,
      fact_id uuid NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, subject, fact_id)
    )`);
  await tenantTable(queryRunner, 'inbox', 'SELECT, INSERT');
};

const deadLetters = async (queryRunner: QueryRunner): Promise<void> => {
  // The payload as it came: it may not even be text.
  await queryRunner.query(`
    CREATE TABLE dead_letter (
      tenant_id integer NOT NULL,
      subject text NOT NULL,
      message_id text NOT NULL,
      payload bytea NOT NULL,
      error text NOT NULL,
      attempts integer NOT NULL,
      failed_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, subject, message_id)
    )`);
  await tenantTable(queryRunner, 'dead_letter', 'SELECT, INSERT, UPDATE, DELETE');
  await crossTenantFunction(
    queryRunner,
    'dead_letter_count()',
    'dead_letter_count() RETURNS bigint LANGUAGE sql STABLE',
    `SELECT count(*) FROM dead_letter`,
  );
  await crossTenantFunction(
    queryRunner,
    'dead_letters(text)',
    'dead_letters(wanted text) RETURNS SETOF dead_letter LANGUAGE sql STABLE',
    `SELECT * FROM dead_letter WHERE wanted IS NULL OR message_id = wanted ORDER BY failed_at, message_id`,
  );
};
