import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, errorStatus } from '@countinghouse/contracts';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isTemporary, whenAvailable } from '../database/database-errors.js';
import { Transactions } from '../database/transactions.js';
import { logContext, logger } from '../logging/logger.js';
import { Histogram, metrics } from '../operations/metrics.js';
import { type HandledJob, JobHandlers } from './job.js';
import { type ClaimedJob, JobSession } from './job-session.js';
import { Loop } from './loop.js';

const pollMs = 1_000;
const orphanCheckMs = 2_000;
/** What is not there now, such as space or another service, is asked for again after this time. */
const temporaryPauseSeconds = 5;
/** A job during which its process died this often is not started again. */
const maxCrashes = 20;
/** How long running jobs may go on when the process is asked to stop, and then how long they have to heed the signal. */
const finishMs = 5_000;
const heedSignalMs = 2_000;

const jobSeconds = new Histogram({
  name: 'countinghouse_job_seconds',
  help: 'Time a job has run, by its name and outcome (completed, retried, failed).',
  labelNames: ['job', 'outcome'] as const,
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600],
  registers: [metrics],
});

/** Runs the jobs of this service's `@Job` methods, side by side with the other replicas. */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly wake = (): void => this.loop.wake();

  private handlers = new Map<string, HandledJob>();
  private readonly session: JobSession;
  private readonly loop = new Loop('jobs', pollMs, () => this.pass());
  private readonly running = new Map<ClaimedJob, Promise<void>>();
  private stopping = false;
  private orphans: string[] = [];
  private nextOrphanCheckAt = 0;

  constructor(
    dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly discovered: JobHandlers,
  ) {
    this.session = new JobSession(dataSource);
  }

  runs(name: string): boolean {
    return this.handlers.has(name);
  }

  onApplicationBootstrap(): void {
    this.handlers = this.discovered.all();
    if (this.handlers.size > 0) this.loop.start();
  }

  /** What does not end in time keeps its lock until the process is gone, and is then started again by whoever looks. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.loop.stop();
    await this.allEnded(finishMs);
    for (const job of this.running.keys()) job.abort.abort(new Error('The process stops'));
    await this.allEnded(heedSignalMs);
    if (this.running.size === 0) await this.session.close();
  }

  private async allEnded(withinMs: number): Promise<void> {
    const late = new AbortController();
    const ended = Promise.all(this.running.values()).then(() => late.abort());
    await Promise.race([ended, delay(withinMs, undefined, { signal: late.signal }).catch(() => {})]);
  }

  /** Starts what is due and has a free place. Answers whether there may be more. */
  private async pass(): Promise<boolean> {
    if (Date.now() >= this.nextOrphanCheckAt) {
      this.orphans = await this.session.requeueOrphans(this.orphans);
      this.nextOrphanCheckAt = Date.now() + orphanCheckMs;
    }
    let started = false;
    for (const handler of this.handlers.values()) {
      const places = handler.concurrency - [...this.running.keys()].filter(({ name }) => name === handler.name).length;
      if (places === 0) continue;
      const isLastOfSeveral = places === 1 && handler.concurrency > 1;
      const job = await this.session.claim(handler.name, isLastOfSeveral);
      if (!job) continue;
      started = true;
      this.running.set(job, this.run(handler, job));
    }
    return started;
  }

  private async run(handler: HandledJob, job: ClaimedJob): Promise<void> {
    const stop = jobSeconds.startTimer({ job: job.name });
    const outcome = await logContext.run({ requestId: job.request_id ?? job.id }, async () => {
      try {
        return await this.attempt(handler, job);
      } catch (error) {
        // Its state could not be written: whoever finds its lock free runs it again.
        logger().error({ err: error, job: job.name, id: job.id }, 'the end of a job could not be noted');
        return 'retried';
      }
    });
    stop({ outcome });
    await this.session.release(job);
    this.running.delete(job);
    this.wake();
  }

  private async attempt(handler: HandledJob, job: ClaimedJob): Promise<string> {
    const { id, data, starts, crashes, abort } = job;
    try {
      if (crashes >= maxCrashes)
        throw new DomainError('unprocessable', `The process died ${crashes} times in this job`);
      await handler.run(data, { id, attempt: starts, signal: abort.signal });
    } catch (error) {
      return this.noteFailure(handler, job, error instanceof Error ? error : new Error(String(error)));
    }
    await this.note(job, `state = 'completed', finished_at = now(), error = NULL`);
    return 'completed';
  }

  private async noteFailure(handler: HandledJob, job: ClaimedJob, error: Error): Promise<string> {
    const { name, id, failures, abort } = job;
    const log = { err: error, job: name, id, attempt: job.starts };
    if (abort.signal.aborted) {
      await this.note(job, requeue, [error.message, failures, 0]);
    } else if (isTemporary(error)) {
      logger().warn(log, 'job waits for what it needs');
      await this.note(job, requeue, [error.message, failures, temporaryPauseSeconds]);
    } else if (isRefusal(error) || failures >= handler.retryLimit) {
      logger().error(log, 'job failed');
      await this.note(job, `state = 'failed', finished_at = now(), error = $4`, [error.message], (manager) =>
        handler.failed(job.data, error, manager),
      );
      return 'failed';
    } else {
      logger().warn(log, 'job is tried again');
      await this.note(job, requeue, [error.message, failures + 1, 4 ** failures]);
    }
    return 'retried';
  }

  /** Writes how the job ended, unless another process has taken it over since. */
  private note(
    job: ClaimedJob,
    change: string,
    values: unknown[] = [],
    also: (manager: EntityManager) => Promise<void> = async () => {},
  ): Promise<void> {
    return whenAvailable(
      () =>
        this.transactions.inTenant(job.tenant_id, async (manager) => {
          const [, changed] = await manager.query(
            `UPDATE job SET ${change} WHERE tenant_id = $1 AND id = $2 AND starts = $3 AND state = 'active'`,
            [job.tenant_id, job.id, job.starts, ...values],
          );
          if (changed === 1) await also(manager);
        }),
      () => this.stopping,
    );
  }
}

/** Said on purpose about the work itself: trying again would not change it. */
const isRefusal = (error: Error) => error instanceof DomainError && errorStatus[error.reply.code] < 500;

/** To wait again, unless a later job of the same subject is already waiting: that one does the work. */
const waits = `EXISTS (
  SELECT FROM job AS later
  WHERE later.tenant_id = job.tenant_id AND later.name = job.name AND later.subject = job.subject AND later.state = 'waiting'
)`;
const requeue = `
  state = CASE WHEN ${waits} THEN 'failed' ELSE 'waiting' END,
  finished_at = CASE WHEN ${waits} THEN now() END,
  error = $4, failures = $5, run_at = now() + $6 * interval '1 second'`;
