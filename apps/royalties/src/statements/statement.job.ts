import { randomUUID } from 'node:crypto';
import { DomainError, type StatementState } from '@countinghouse/contracts';
import { Job, type JobData, Jobs, logger, OnJobFailed, type RunningJob, Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { BookingService } from '../booking/booking.service.js';
import { config } from '../config.js';
import { engineLimits } from '../engine-limits.js';
import { layoutsOf } from '../layouts/index.js';
import { PeopleService } from '../people/people.service.js';
import { readStatement, StatementFailure } from '../engine/read-statement.js';
import { STORAGE } from '../storage.module.js';
import { inWorkDir } from '../work-dir.js';
import { ReportFilesService } from '../user-reports/report-files.service.js';
import { StatementEntity } from './statement.entity.js';
import { unpackedCopy } from './unpacked-copy.js';

interface StatementJobData extends JobData {
  tenantId: number;
  statementId: number;
}

/** Where each step stands on the way to 100 %. */
const progressOf = { reading: 0, matching: 60, reporting: 75 } as const;

/**
 * Takes a statement from its file to its reports in three steps. Each step ends in one transaction that also moves the
 * state, and until then has touched nothing that anybody sees; so after a crash the job simply begins its step again.
 */
@Injectable()
export class StatementJob {
  constructor(
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    private readonly people: PeopleService,
    private readonly booking: BookingService,
    private readonly reportFiles: ReportFilesService,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  @Job<StatementJobData>('statement', { concurrency: config.STATEMENT_WORKERS })
  async run({ tenantId, statementId }: StatementJobData, { signal }: RunningJob): Promise<void> {
    try {
      await inWorkDir(`statement-${statementId}`, async (workDir) => {
        let statement = await this.load(tenantId, statementId);
        if (statement.state === 'received' || statement.state === 'reading') {
          statement = await this.read(statement, workDir);
        }
        signal.throwIfAborted();
        if (statement.state === 'matching') statement = await this.match(statement, workDir);
        signal.throwIfAborted();
        if (statement.state === 'reporting') await this.report(statement, workDir);
      });
    } catch (error) {
      if (!(error instanceof StatementFailure)) throw error;
      await this.fail(tenantId, statementId, error.message);
    }
  }

  /**
   * For a reason that is not in its file, and after all retries. What is booked stays booked, and a failed statement may
   * be uploaded again: so from then on it does not fail any more, and the work on its files begins anew.
   */
  @OnJobFailed<StatementJobData>('statement')
  async gaveUp({ tenantId, statementId }: StatementJobData, reason: Error, manager: EntityManager): Promise<void> {
    logger().error({ statementId, err: reason }, 'statement failed');
    const error = 'The statement could not be processed; upload it again, and ask the operator if that fails too';
    const { affected } = await manager.update(
      StatementEntity,
      { tenantId, id: statementId, state: In(notBooked) },
      failed(error),
    );
    if (affected === 0 && !(reason instanceof DomainError)) {
      await this.jobs.send(manager, 'statement', { tenantId, statementId }, { subject: `${statementId}` });
    }
  }

  private async read(statement: StatementEntity, workDir: string): Promise<StatementEntity> {
    const { tenantId, id, distributor, reportingMonth, declaredCurrency, declaredDecimal } = statement;
    await this.save(statement, { state: 'reading', progress: progressOf.reading });
    const source = await this.storage.localCopy(statement.sourceKey);
    try {
      const lines = await readStatement({
        path: await unpackedCopy(source.path, workDir),
        layouts: layoutsOf(distributor),
        reportingMonth,
        ...(declaredCurrency && { currency: declaredCurrency }),
        ...(declaredDecimal && { decimal: declaredDecimal }),
        maxRejectedPercent: Number(await this.people.maxRejectedPercent(tenantId)),
        workDir,
        limits: engineLimits,
        onProgress: (percent) => this.save(statement, { progress: Math.floor((percent * progressOf.matching) / 100) }),
      });
      // Names of this attempt's own: no file is ever written over.
      const attempt = randomUUID();
      const linesKey = `${tenantId}/statements/${id}/lines-${attempt}.duckdb`;
      const rejectedKey = `${tenantId}/statements/${id}/rejected-${attempt}.csv`;
      await this.storage.putFile(linesKey, lines.linesPath);
      await this.storage.putFile(rejectedKey, lines.rejectedPath);
      return await this.save(statement, {
        state: 'matching',
        progress: progressOf.matching,
        currency: lines.currency,
        linesRead: lines.counts.read,
        linesRejected: lines.counts.rejected,
        net: lines.net,
        linesKey,
        rejectedKey,
      });
    } finally {
      await source.release();
    }
  }

  private async match(statement: StatementEntity, workDir: string): Promise<StatementEntity> {
    await this.booking.bookStatement(statement, workDir);
    const booked = await this.load(statement.tenantId, statement.id);
    return this.save(booked, { progress: progressOf.reporting });
  }

  private async report(statement: StatementEntity, workDir: string): Promise<void> {
    const { tenantId, id } = statement;
    await this.reportFiles.writeForStatement(tenantId, id, workDir);
    await this.save(statement, { state: 'completed', progress: 100, completedAt: new Date() });
  }

  private load(tenantId: number, id: number): Promise<StatementEntity> {
    return this.transactions.read(tenantId, (manager) => manager.findOneByOrFail(StatementEntity, { tenantId, id }));
  }

  /** Throws when the statement has moved on: by a process that took over while this one was thought dead. */
  private async save(statement: StatementEntity, changes: Partial<StatementEntity>): Promise<StatementEntity> {
    const { tenantId, id, state } = statement;
    const { affected } = await this.transactions.inTenant(tenantId, (manager) =>
      manager.update(StatementEntity, { tenantId, id, state }, changes),
    );
    if (affected !== 1) throw new Error(`Statement ${id} is not ${state} any more`);
    return Object.assign(statement, changes);
  }

  private async fail(tenantId: number, id: number, error: string): Promise<void> {
    await this.transactions.inTenant(tenantId, (manager) =>
      manager.update(StatementEntity, { tenantId, id, state: In(notBooked) }, failed(error)),
    );
  }
}

const notBooked: StatementState[] = ['received', 'reading', 'matching'];

const failed = (error: string): Partial<StatementEntity> => ({ state: 'failed', error, completedAt: new Date() });
