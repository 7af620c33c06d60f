import type { MigrationInterface, QueryRunner } from 'typeorm';
import { crossTenantFunction, tenantTable } from '../tenancy.js';

/**
 * Long work. A job that runs is `active`, and the session of the process that runs it holds an advisory lock on its
 * subject: so no subject is worked on twice at once, and the work of a process that died is known by its free lock.
 */
export class Jobs0000000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await jobTable(queryRunner);
    await queryRunner.query(`
      CREATE FUNCTION job_lock(tenant_id integer, name text, subject text) RETURNS bigint LANGUAGE sql STABLE
      RETURN hashtextextended('job/' || tenant_id || '/' || name || '/' || subject, 0)`);
    await crossTenantFunction(
      queryRunner,
      'job_claim(text)',
      'job_claim(wanted text) RETURNS SETOF job LANGUAGE plpgsql',
      claim,
    );
    await crossTenantFunction(
      queryRunner,
      'job_requeue_orphans(uuid[])',
      'job_requeue_orphans(suspects uuid[]) RETURNS SETOF uuid LANGUAGE sql',
      requeueOrphans,
    );
    await crossTenantFunction(
      queryRunner,
      'purge_jobs(interval)',
      'purge_jobs(older_than interval) RETURNS void LANGUAGE sql',
      `DELETE FROM job WHERE finished_at < now() - older_than`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION purge_jobs(interval); DROP FUNCTION job_requeue_orphans(uuid[]); DROP FUNCTION job_claim(text);
      DROP FUNCTION job_lock(integer, text, text); DROP TABLE job`);
  }
}

const jobTable = async (queryRunner: QueryRunner): Promise<void> => {
  await queryRunner.query(`
    CREATE TABLE job (
      tenant_id integer NOT NULL,
      id uuid NOT NULL DEFAULT uuidv7(),
      name text NOT NULL,
      subject text NOT NULL,
      data json NOT NULL,
      state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'active', 'completed', 'failed')),
      starts integer NOT NULL DEFAULT 0,
      failures integer NOT NULL DEFAULT 0,
      crashes integer NOT NULL DEFAULT 0,
      error text,
      request_id text,
      created_at timestamptz NOT NULL DEFAULT now(),
      run_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      finished_at timestamptz,
      PRIMARY KEY (tenant_id, id)
    )`);
  await queryRunner.query(`CREATE UNIQUE INDEX job_waiting ON job (tenant_id, name, subject) WHERE state = 'waiting'`);
  await queryRunner.query(`CREATE UNIQUE INDEX job_active ON job (tenant_id, name, subject) WHERE state = 'active'`);
  await queryRunner.query(`CREATE INDEX job_due ON job (name, run_at) WHERE state = 'waiting'`);
  await queryRunner.query(`CREATE INDEX job_finished_at ON job (finished_at)`);
  await tenantTable(queryRunner, 'job', 'SELECT, INSERT, UPDATE');
};

/** The lock is the calling session's and outlives the transaction. */
export const claim = `
DECLARE
  candidate job;
BEGIN
  FOR candidate IN
    SELECT * FROM job AS due
    WHERE name = wanted AND state = 'waiting' AND run_at <= now() AND NOT EXISTS (
      SELECT FROM job AS other
      WHERE other.tenant_id = due.tenant_id AND other.name = due.name AND other.subject = due.subject AND other.state = 'active'
    )
    ORDER BY run_at, id
    FOR UPDATE SKIP LOCKED
  LOOP
    CONTINUE WHEN NOT pg_try_advisory_lock(job_lock(candidate.tenant_id, candidate.name, candidate.subject));
    RETURN QUERY
      UPDATE job SET state = 'active', starts = starts + 1, started_at = now()
      WHERE tenant_id = candidate.tenant_id AND id = candidate.id
      RETURNING *;
    RETURN;
  END LOOP;
END`;

/**
 * Active jobs whose lock nobody holds; those that were suspected before wait for a process again. The second look is
 * for a process that only lost its connection and is about to lock again. Where the subject is already waiting, that
 * job does the work.
 */
const requeueOrphans = `
  WITH orphan AS (
    SELECT job.* FROM job, job_lock(tenant_id, name, subject) AS key
    WHERE state = 'active' AND NOT EXISTS (
      SELECT FROM pg_locks AS lock
      WHERE lock.locktype = 'advisory' AND lock.objsubid = 1
        AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND lock.classid::bigint = (key >> 32) & 4294967295
        AND lock.objid::bigint = key & 4294967295
    )
  ), requeued AS (
    UPDATE job SET
      crashes = job.crashes + 1,
      state = CASE WHEN superseded.waiting THEN 'failed' ELSE 'waiting' END,
      error = CASE WHEN superseded.waiting THEN 'superseded by a later job' ELSE job.error END,
      finished_at = CASE WHEN superseded.waiting THEN now() END
    FROM orphan, LATERAL (
      SELECT EXISTS (
        SELECT FROM job AS other
        WHERE other.tenant_id = orphan.tenant_id AND other.name = orphan.name AND other.subject = orphan.subject
          AND other.state = 'waiting'
      ) AS waiting
    ) AS superseded
    WHERE job.tenant_id = orphan.tenant_id AND job.id = orphan.id AND job.starts = orphan.starts AND orphan.id = ANY (suspects)
  )
  SELECT id FROM orphan`;
