import type { MigrationInterface, QueryRunner } from 'typeorm';
import { crossTenantFunction } from '../tenancy.js';
import { claim as claimOldest } from './0000000000004-jobs.js';

/** Tenants take turns, however many jobs one of them has waiting; and what has failed can be seen and begun again. */
export class FairJobs0000000000005 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP INDEX job_due;
      CREATE INDEX job_queue ON job (name, tenant_id, run_at, id) WHERE state = 'waiting';
      CREATE INDEX job_turn ON job (tenant_id, name, started_at) WHERE started_at IS NOT NULL;
      CREATE INDEX job_failed ON job (name, id) WHERE state = 'failed';
      CREATE INDEX job_subject ON job (tenant_id, name, subject, id)`);
    await queryRunner.query(`DROP FUNCTION job_claim(text)`);
    // The default is for processes of the version before, which go on for a while.
    await crossTenantFunction(
      queryRunner,
      'job_claim(text, boolean)',
      `job_claim(wanted text, newcomers_only boolean DEFAULT false) RETURNS SETOF job LANGUAGE plpgsql ${byIndex}`,
      claimFairly,
    );
    await crossTenantFunction(
      queryRunner,
      'jobs_failed(text)',
      'jobs_failed(wanted text) RETURNS SETOF job LANGUAGE sql STABLE',
      failed,
    );
    await crossTenantFunction(
      queryRunner,
      'jobs_retry(text, uuid)',
      'jobs_retry(wanted text, wanted_id uuid) RETURNS SETOF uuid LANGUAGE sql',
      retry,
    );
    await crossTenantFunction(
      queryRunner,
      'job_counts()',
      'job_counts() RETURNS TABLE (name text, state text, jobs bigint) LANGUAGE sql STABLE',
      counts,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP FUNCTION job_counts(); DROP FUNCTION jobs_retry(text, uuid); DROP FUNCTION jobs_failed(text);
      DROP FUNCTION job_claim(text, boolean)`);
    await crossTenantFunction(
      queryRunner,
      'job_claim(text)',
      'job_claim(wanted text) RETURNS SETOF job LANGUAGE plpgsql',
      claimOldest,
    );
    await queryRunner.query(`
      DROP INDEX job_queue, job_turn, job_failed, job_subject;
      CREATE INDEX job_due ON job (name, run_at) WHERE state = 'waiting'`);
  }
}

/** A queue may be empty when its statements are planned, and long before its statistics are brought up to date. */
const byIndex = ['seqscan', 'bitmapscan', 'sort', 'hashjoin', 'mergejoin']
  .map((way) => `SET enable_${way} = off`)
  .join(' ');

/**
 * Of the tenants with a job that is due, the one with the fewest running gets the place; of several, the one that has
 * not been given one for the longest time. Its oldest job that nothing keeps is started. For the last free place of a
 * process, `newcomers_only` leaves out the tenants that have one running.
 *
 * The queue is read by one index lookup per tenant, not per job. The lock of the subject is the calling session's and
 * outlives the transaction.
 */
const claimFairly = `
DECLARE
  next_tenant integer;
  candidate job;
BEGIN
  -- Claims of one name go one after the other, so that each sees what those before it took.
  PERFORM pg_advisory_xact_lock(hashtextextended('job-claim/' || wanted, 0));
  FOR next_tenant IN
    WITH RECURSIVE queue AS (
      (
        SELECT tenant_id, run_at FROM job
        WHERE name = wanted AND state = 'waiting'
        ORDER BY tenant_id, run_at
        LIMIT 1
      )
      UNION ALL
      SELECT following.* FROM queue, LATERAL (
        SELECT tenant_id, run_at FROM job
        WHERE name = wanted AND state = 'waiting' AND tenant_id > queue.tenant_id
        ORDER BY tenant_id, run_at
        LIMIT 1
      ) AS following
    ), running AS (
      SELECT tenant_id, count(*) AS jobs FROM job WHERE name = wanted AND state = 'active' GROUP BY tenant_id
    )
    SELECT tenant_id FROM queue LEFT JOIN running USING (tenant_id), LATERAL (
      SELECT max(started_at) AS started_at FROM job WHERE job.tenant_id = queue.tenant_id AND name = wanted
    ) AS turn
    WHERE run_at <= now() AND (jobs IS NULL OR NOT newcomers_only)
    ORDER BY coalesce(jobs, 0), turn.started_at NULLS FIRST, run_at, tenant_id
  LOOP
    FOR candidate IN
      SELECT * FROM job AS due
      WHERE tenant_id = next_tenant AND name = wanted AND state = 'waiting' AND run_at <= now() AND NOT EXISTS (
        SELECT FROM job AS other
        WHERE other.tenant_id = due.tenant_id AND other.name = due.name AND other.subject = due.subject
          AND other.state = 'active'
      )
      ORDER BY run_at, id
      FOR UPDATE SKIP LOCKED
    LOOP
      CONTINUE WHEN NOT pg_try_advisory_lock(job_lock(candidate.tenant_id, candidate.name, candidate.subject));
      RETURN QUERY
        UPDATE job SET state = 'active', starts = starts + 1, started_at = clock_timestamp()
        WHERE tenant_id = candidate.tenant_id AND id = candidate.id
        RETURNING *;
      RETURN;
    END LOOP;
  END LOOP;
END`;

/** Given up, and nothing was sent for their subject since. */
const failed = `
  SELECT * FROM job
  WHERE state = 'failed' AND (wanted IS NULL OR name = wanted) AND NOT EXISTS (
    SELECT FROM job AS later
    WHERE later.tenant_id = job.tenant_id AND later.name = job.name AND later.subject = job.subject AND later.id > job.id
  )
  ORDER BY id`;

/** As if they had just been sent. */
const retry = `
  UPDATE job SET state = 'waiting', failures = 0, crashes = 0, run_at = now(), finished_at = NULL
  FROM jobs_failed(wanted) AS failed
  WHERE job.tenant_id = failed.tenant_id AND job.id = failed.id AND (wanted_id IS NULL OR job.id = wanted_id)
  RETURNING job.id`;

const counts = `
  SELECT name, state, count(*) FROM job WHERE state IN ('waiting', 'active') GROUP BY name, state
  UNION ALL
  SELECT name, state, count(*) FROM jobs_failed(NULL) GROUP BY name, state`;
