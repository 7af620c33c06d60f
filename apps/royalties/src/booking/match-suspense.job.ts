import { Job, type JobData, type RunningJob, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { In, MoreThan } from 'typeorm';
import { StatementEntity } from '../statements/statement.entity.js';
import { ReportFilesService } from '../user-reports/report-files.service.js';
import { scratch } from '../scratch.js';
import { BookingService } from './booking.service.js';
import { bookableStates } from './booking.store.js';
import { isVoided } from './voiding.store.js';

/** After contracts changed: lines that nobody owned are matched by themselves, and their reports follow. */
@Injectable()
export class MatchSuspenseJob {
  constructor(
    private readonly transactions: Transactions,
    private readonly booking: BookingService,
    private readonly reportFiles: ReportFilesService,
  ) {}

  @Job<JobData>('match-suspense')
  async run({ tenantId }: JobData, { signal }: RunningJob): Promise<void> {
    const statements = await this.transactions.read(tenantId, (manager) =>
      manager.find(StatementEntity, {
        where: { tenantId, state: In(bookableStates['late-match']), linesUnmatched: MoreThan(0) },
        order: { id: 'ASC' },
      }),
    );
    const failures: unknown[] = [];
    for (const statement of statements) {
      signal.throwIfAborted();
      const booked = scratch.run(folderOf(statement.id), (workDir) => this.booking.bookSuspense(statement, workDir));
      // The others of the tenant do not wait for the one that cannot be read; one that is void by now has nothing to match.
      await booked.catch(async (error: unknown) => {
        const { tenantId, id } = statement;
        if (!(await this.transactions.read(tenantId, (manager) => isVoided(manager, tenantId, id))))
          failures.push(error);
      });
    }
    // By what is missing, not by what was just booked: a crash may have come in between.
    for (const statementId of await this.reportFiles.statementsBehind(tenantId)) {
      signal.throwIfAborted();
      await scratch.run(folderOf(statementId), (workDir) =>
        this.reportFiles.writeForStatement(tenantId, statementId, workDir),
      );
    }
    if (failures.length > 0) throw failures[0];
  }
}

const folderOf = (statementId: number): string => `suspense-${statementId}`;
