import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobRunner } from './job-runner.js';

/** A job that was given up and that nothing has been sent for since. */
export class FailedJob {
  id: string;
  name: string;
  tenantId: number;
  /** What it works on, such as a statement's id. */
  subject: string;
  error: string;
  starts: number;
  failedAt: string;
}

const mostShown = 1_000;

/** Jobs that were given up: kept until somebody has mended the cause and begins them again. */
@Injectable()
export class FailedJobs {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runner: JobRunner,
  ) {}

  /** The oldest first, of this name or of all. */
  async list(name?: string): Promise<FailedJob[]> {
    const rows: (FailedJob & { at: Date })[] = await this.dataSource.query(
      `SELECT id, name, tenant_id AS "tenantId", subject, error, starts, finished_at AS at
       FROM jobs_failed($1) ORDER BY id LIMIT ${mostShown}`,
      [name],
    );
    return rows.map(({ at, ...job }) => ({ ...job, failedAt: at.toISOString() }));
  }

  /** Begins all of this name again, or one, as if they had just been sent; how many there were. */
  async retry(name: string, id?: string): Promise<number> {
    const retried: unknown[] = await this.dataSource.query('SELECT jobs_retry($1, $2)', [name, id]);
    this.runner.wake();
    return retried.length;
  }
}
