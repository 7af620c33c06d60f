import { royaltiesFacts } from '@countinghouse/contracts';
import { Jobs, Outbox } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EarningsService } from '../earnings/earnings.service.js';
import { completedFact } from '../statements/completed-fact.js';
import type { StatementEntity } from '../statements/statement.entity.js';
import { saveBooking } from './booking.store.js';
import { liveBefore, reversalsOf, saveStatementVoided } from './voiding.store.js';

/** Takes statements back: their exact negative goes wherever they had effect. The caller holds the tenant's revision. */
@Injectable()
export class VoidingService {
  constructor(
    private readonly jobs: Jobs,
    private readonly outbox: Outbox,
    private readonly earnings: EarningsService,
  ) {}

  /** Answers false, and does nothing, when the statement is not live. */
  async void(manager: EntityManager, tenantId: number, statementId: number, reason: string): Promise<boolean> {
    const voidedAt = new Date();
    const statement = await saveStatementVoided(manager, tenantId, statementId, { voidedAt, voidReason: reason });
    if (!statement) return false;
    const reversals = await reversalsOf(manager, statement, voidedAt);
    for (const reversal of reversals) {
      await this.earnings.withdraw(manager, tenantId, await saveBooking(manager, reversal));
    }
    if (reversals.length > 0) {
      await this.jobs.send(manager, 'report-files', { tenantId, statementId }, { subject: `${statementId}` });
    }
    if (statement.completedAt) {
      await this.outbox.add(manager, royaltiesFacts.statementVoided, tenantId, {
        ...completedFact(statement, statement.completedAt),
        voidedAt: voidedAt.toISOString(),
        reason,
      });
    }
    return true;
  }

  /** Takes back whatever was there for the month when this statement came. */
  async voidReplaced(manager: EntityManager, statement: StatementEntity): Promise<void> {
    for (const id of await liveBefore(manager, statement)) {
      await this.void(manager, statement.tenantId, id, `Replaced by statement ${statement.id}`);
    }
  }
}
