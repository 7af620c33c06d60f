import { randomUUID } from 'node:crypto';
import { DomainError, royaltiesFacts, type StatementState } from '@countinghouse/contracts';
import { compare, normalise } from '@countinghouse/money';
import {
  Job,
  type JobData,
  Jobs,
  logger,
  OnJobFailed,
  Outbox,
  type RunningJob,
  Transactions,
  type Work,
} from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { PeopleService } from '@countinghouse/people';
import { BookingService } from '../booking/booking.service.js';
import { isVoided } from '../booking/voiding.store.js';
import { config } from '../config.js';
import { engineLimits } from '../engine-limits.js';
import { layoutsFor } from '../own-layouts/distributors.js';
import type { Layout } from '../layouts/layout.js';
import { readStatement, StatementFailure } from '../engine/read-statement.js';
import { STORAGE } from '../storage.module.js';
import { scratch } from '../scratch.js';
import { ReportFilesService } from '../user-reports/report-files.service.js';
import { completedFact } from './completed-fact.js';
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
    private readonly outbox: Outbox,
    private readonly people: PeopleService,
    private readonly booking: BookingService,
    private readonly reportFiles: ReportFilesService,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  @Job<StatementJobData>('statement', { concurrency: config.STATEMENT_WORKERS })
  async run({ tenantId, statementId }: StatementJobData, { signal }: RunningJob): Promise<void> {
    try {
      await scratch.run(`statement-${statementId}`, async (workDir) => {
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
      // Whatever it was: the work on a statement that was voided in between is nobody's any more.
      if (await this.transactions.read(tenantId, (manager) => isVoided(manager, tenantId, statementId))) return;
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
    const error =
      reason instanceof DomainError
        ? `The statement could not be processed. ${reason.message}. Upload it again when that is mended`
        : 'The statement could not be processed; upload it again, and ask the operator if that fails too';
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
        layouts: await this.layouts(tenantId, distributor),
        reportingMonth,
        ...(declaredCurrency && { currency: declaredCurrency }),
        ...(declaredDecimal && { decimal: declaredDecimal }),
        maxRejectedPercent: Number((await this.people.tenant(tenantId)).maxRejectedPercent),
        workDir,
        limits: engineLimits,
        onProgress: (percent) => this.save(statement, { progress: Math.floor((percent * progressOf.matching) / 100) }),
      });
      requireTotal(statement.declaredTotal, lines);
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

  private async layouts(tenantId: number, distributor: string): Promise<Layout[]> {
    const layouts = await this.transactions.read(tenantId, (manager) => layoutsFor(manager, tenantId, distributor));
    if (layouts.length > 0) return layouts;
    throw new StatementFailure(
      `The layout ${distributor} was deleted before the file was read; make it again, then upload the file again`,
    );
  }

  private async match(statement: StatementEntity, workDir: string): Promise<StatementEntity> {
    await this.booking.bookStatement(statement, workDir);
    return this.save(Object.assign(statement, { state: 'reporting' }), { progress: progressOf.reporting });
  }

  private async report(statement: StatementEntity, workDir: string): Promise<void> {
    const { tenantId, id } = statement;
    await this.reportFiles.writeForStatement(tenantId, id, workDir);
    const completedAt = new Date();
    await this.save(statement, { state: 'completed', progress: 100, completedAt }, (manager) =>
      this.outbox.add(manager, royaltiesFacts.statementCompleted, tenantId, completedFact(statement, completedAt)),
    );
  }

  private load(tenantId: number, id: number): Promise<StatementEntity> {
    return this.transactions.read(tenantId, (manager) => manager.findOneByOrFail(StatementEntity, { tenantId, id }));
  }

  /**
   * Throws when the statement has moved on: it was voided, or a process took over while this one was thought dead.
   *
   * @param also further work of the same transaction
   */
  private async save(
    statement: StatementEntity,
    changes: Partial<StatementEntity>,
    also: Work<void> = async () => {},
  ): Promise<StatementEntity> {
    const { tenantId, id, state } = statement;
    await this.transactions.inTenant(tenantId, async (manager) => {
      const { affected } = await manager.update(StatementEntity, { tenantId, id, state }, changes);
      if (affected !== 1) throw new Error(`Statement ${id} is not ${state} any more`);
      await also(manager);
    });
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

/** Throws when the uploader said what the file must sum up to, and it does not. */
function requireTotal(declared: string | null, { net, currency }: { net: string; currency: string }): void {
  if (declared === null || compare(declared, net) === 0) return;
  throw new StatementFailure(
    `The lines of the file sum up to ${net} ${currency}, but declaredTotal is ${normalise(declared)}; upload the whole file, or say the total that it has`,
  );
}
