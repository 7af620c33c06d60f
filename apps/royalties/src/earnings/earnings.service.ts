import { randomUUID } from 'node:crypto';
import { type EarningsPublished, royaltiesFacts } from '@countinghouse/contracts';
import { Outbox } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BookedLines } from '../engine/book-lines.js';
import { writeEarnings } from '../engine/write-earnings.js';
import { engineLimits } from '../engine-limits.js';
import type { StatementEntity } from '../statements/statement.entity.js';
import { STORAGE } from '../storage.module.js';
import { deleteTotals, findReversed, saveEarnings, saveTotals, type StoredEarnings } from './earnings.store.js';

/** Makes known what a booking's lines earned, and that they are taken back. Earnings have the id of their booking. */
@Injectable()
export class EarningsService {
  constructor(
    private readonly outbox: Outbox,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /** Makes the earnings file, before the transaction that books; null when there is nothing to book. */
  async store({ tenantId, id }: StatementEntity, booked: BookedLines, workDir: string): Promise<StoredEarnings | null> {
    if (booked.accepted.lines === 0) return null;
    const { path, ...written } = await writeEarnings({ booked, workDir, limits: engineLimits });
    // A name of this attempt's own, as for the lines.
    const storageKey = `${tenantId}/statements/${id}/earnings-${randomUUID()}.parquet`;
    await this.storage.putFile(storageKey, path);
    return { storageKey, ...written };
  }

  /** In the transaction that makes the booking. */
  async publish(
    manager: EntityManager,
    { tenantId, id: statementId, distributor, reportingMonth, currency }: StatementEntity,
    bookingId: number,
    { totals, ...file }: StoredEarnings,
  ): Promise<void> {
    const earnings: EarningsPublished = {
      earningsId: bookingId,
      statementId,
      distributor,
      reportingMonth,
      currency: currency as string,
      ...file,
    };
    await saveEarnings(manager, tenantId, earnings);
    await saveTotals(manager, tenantId, bookingId, totals);
    await this.outbox.add(manager, royaltiesFacts.earningsPublished, tenantId, earnings);
  }

  /** In the transaction that makes this booking, which reverses another. */
  async withdraw(manager: EntityManager, tenantId: number, bookingId: number): Promise<void> {
    const earnings = await findReversed(manager, tenantId, bookingId);
    if (!earnings) return;
    const withdraws = earnings.earningsId;
    await deleteTotals(manager, tenantId, withdraws);
    await this.outbox.add(manager, royaltiesFacts.earningsWithdrawn, tenantId, {
      ...earnings,
      earningsId: bookingId,
      withdraws,
    });
  }
}
