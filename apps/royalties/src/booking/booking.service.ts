import { randomUUID } from 'node:crypto';
import { Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EarningsService } from '../earnings/earnings.service.js';
import type { StoredEarnings } from '../earnings/earnings.store.js';
import { engineLimits } from '../engine-limits.js';
import { bookLines, type BookedLines } from '../engine/book-lines.js';
import type { StatementEntity } from '../statements/statement.entity.js';
import { STORAGE } from '../storage.module.js';
import { type MatchKind, saveBooking, saveStatementBooked, saveSuspense } from './booking.store.js';
import { contractTerms, lockRevision } from './contract-terms.query.js';
import { VoidingService } from './voiding.service.js';

/** Gives lines their owners and books them into reports. */
@Injectable()
export class BookingService {
  constructor(
    private readonly transactions: Transactions,
    private readonly voiding: VoidingService,
    private readonly earnings: EarningsService,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * Books a statement's lines for the first time; what nobody owns goes into suspense. A statement that replaces others
   * takes them back in the same transaction.
   */
  bookStatement(statement: StatementEntity, workDir: string): Promise<void> {
    return this.book(statement, 'statement', statement.linesKey as string, workDir);
  }

  /** Looks again at the lines of a statement that are in suspense. */
  bookSuspense(statement: StatementEntity, workDir: string): Promise<void> {
    return this.book(statement, 'late-match', statement.suspenseKey as string, workDir);
  }

  /**
   * Matches, then books what was matched in one transaction. Contracts that changed in between make it begin again, so
   * that no line is booked by terms that nobody has any more, and none is missed.
   */
  private async book(statement: StatementEntity, kind: MatchKind, linesKey: string, workDir: string): Promise<void> {
    const { tenantId, id } = statement;
    for (;;) {
      const { revision, terms } = await this.transactions.read(tenantId, (manager) => contractTerms(manager, tenantId));
      const lines = await this.storage.localCopy(linesKey);
      try {
        const booked = await bookLines({ linesPath: lines.path, terms, workDir, limits: engineLimits });
        if (kind === 'late-match' && booked.accepted.lines === 0) return;
        // Names of this attempt's own: whatever else is tried for the same statement, no booked file is written over.
        const attempt = randomUUID();
        const keys = {
          linesKey: `${tenantId}/statements/${id}/${kind}-${attempt}.duckdb`,
          suspenseKey: `${tenantId}/statements/${id}/suspense-${attempt}.duckdb`,
        };
        const earnings = await this.earnings.store(statement, booked, workDir);
        await this.storage.putFile(keys.linesKey, booked.acceptedPath);
        await this.storage.putFile(keys.suspenseKey, booked.suspensePath);
        const done = await this.transactions.inTenant(tenantId, async (manager) => {
          if ((await lockRevision(manager, tenantId)) !== revision) return false;
          await this.save(manager, statement, kind, booked, keys, earnings);
          return true;
        });
        if (done) return;
      } finally {
        await lines.release();
      }
    }
  }

  private async save(
    manager: EntityManager,
    statement: StatementEntity,
    kind: MatchKind,
    booked: BookedLines,
    keys: { linesKey: string; suspenseKey: string },
    earnings: StoredEarnings | null,
  ): Promise<void> {
    const { tenantId, id: statementId, distributor, reportingMonth, currency, suspenseKey: matchedKey } = statement;
    await saveStatementBooked(manager, { tenantId, statementId, kind, matchedKey, ...keys, ...booked });
    if (kind === 'statement' && statement.mode === 'replace') await this.voiding.voidReplaced(manager, statement);
    const { lines, net, royalties, owners } = booked.accepted;
    if (earnings) {
      const bookingId = await saveBooking(manager, {
        tenantId,
        statementId,
        kind,
        reverses: null,
        linesKey: keys.linesKey,
        lines,
        net,
        royalties,
        distributor,
        reportingMonth,
        currency: currency as string,
        bookedAt: new Date(),
        owners,
      });
      await this.earnings.publish(manager, statement, bookingId, earnings);
    }
    await saveSuspense(manager, tenantId, statementId, booked.suspense.labels);
  }
}
