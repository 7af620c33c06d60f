import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../database/after-commit.js';
import { logContext } from '../logging/logger.js';
import type { JobData } from './job.js';
import { JobRunner } from './job-runner.js';

export interface SendOptions {
  /** What the job works on, such as a statement's id: jobs of the same name and subject never run at once. */
  subject: string;
}

@Injectable()
export class Jobs {
  constructor(private readonly runner: JobRunner) {}

  /**
   * Sends a job in the manager's transaction. While one of the same name and subject is waiting, that one will do; while
   * one is running, another is queued behind it, because the running one may not have seen what has changed.
   */
  async send<Data extends JobData>(
    manager: EntityManager,
    name: string,
    data: Data,
    { subject }: SendOptions,
  ): Promise<void> {
    if (!this.runner.runs(name)) throw new Error(`There is no @Job('${name}') method`);
    // The update locks the waiting job until this transaction has committed, so that it is not started before.
    await manager.query(
      `INSERT INTO job (tenant_id, name, subject, data, request_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant_id, name, subject) WHERE state = 'waiting'
       DO UPDATE SET data = excluded.data, run_at = least(job.run_at, excluded.run_at)`,
      [data.tenantId, name, subject, JSON.stringify(data), logContext.getStore()?.requestId],
    );
    afterCommit(manager, this.runner.wake);
  }
}
