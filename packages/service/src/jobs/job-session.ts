import type { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { clientSettings } from '../database/data-source.js';
import { LastingConnection } from '../database/lasting-connection.js';
import { logger } from '../logging/logger.js';
import type { JobData } from './job.js';

/** A job that this process has started and whose subject it has locked. */
export interface ClaimedJob {
  id: string;
  tenant_id: number;
  name: string;
  subject: string;
  data: JobData;
  /** Says which start this is, so that only the latest can end the job. */
  starts: number;
  failures: number;
  crashes: number;
  request_id: string | null;
  /** Aborts the run. */
  abort: AbortController;
}

/** PostgreSQL notices within half a minute that a whole machine is gone, and frees its locks. */
const keepalives = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/**
 * The one connection whose advisory locks say what this process is working on. When the process dies, they are free at
 * once; when only the connection is lost, the next one takes them again.
 */
export class JobSession {
  private readonly claimed = new Set<ClaimedJob>();
  private readonly connection: LastingConnection;

  constructor(dataSource: DataSource) {
    const settings = { ...clientSettings(dataSource), options: keepalives };
    this.connection = new LastingConnection(settings, (client) => this.lockAgain(client));
  }

  /** Starts the job of this name whose turn it is, if one is due; of a tenant with none running, when only newcomers may. */
  async claim(name: string, newcomersOnly: boolean): Promise<ClaimedJob | null> {
    const client = await this.connection.get();
    const { rows } = await client.query('SELECT * FROM job_claim($1, $2)', [name, newcomersOnly]);
    if (!rows[0]) return null;
    const job: ClaimedJob = { ...rows[0], abort: new AbortController() };
    this.claimed.add(job);
    return job;
  }

  /** After the job has ended. */
  async release(job: ClaimedJob): Promise<void> {
    this.claimed.delete(job);
    const client = await this.connection.current();
    // Without a connection there is nothing left to unlock.
    await client?.query('SELECT pg_advisory_unlock(job_lock($1, $2, $3))', keyOf(job)).catch(() => {});
  }

  /** Active jobs that no process works on. Of these, the suspects of an earlier look are made to wait for a process again. */
  async requeueOrphans(suspects: string[]): Promise<string[]> {
    const client = await this.connection.get();
    const { rows } = await client.query<{ id: string }>('SELECT job_requeue_orphans($1) AS id', [suspects]);
    return rows.map(({ id }) => id);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private async lockAgain(client: Client): Promise<void> {
    for (const job of this.claimed) {
      const lock = 'SELECT pg_try_advisory_lock(job_lock($1, $2, $3)) AS locked';
      const { rows } = await client.query<{ locked: boolean }>(lock, keyOf(job));
      if (rows[0]?.locked) continue;
      logger().warn({ job: job.name, id: job.id }, 'another process has taken over the job; ending it here');
      job.abort.abort(new Error('Another process has taken over this job'));
    }
  }
}

const keyOf = ({ tenant_id, name, subject }: ClaimedJob) => [tenant_id, name, subject];
