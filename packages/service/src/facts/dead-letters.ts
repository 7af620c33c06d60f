import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions } from '../database/transactions.js';
import { logger } from '../logging/logger.js';
import { Inbox, readEnvelope } from './inbox.js';
import { FactHandlers } from './on-fact.js';

export interface UnappliedFact {
  subject: string;
  /** The fact's id, or where it was in its stream when it has none. */
  messageId: string;
  payload: Uint8Array;
  attempts: number;
}

interface DeadLetterRow {
  tenant_id: number;
  subject: string;
  message_id: string;
  payload: Uint8Array;
  error: string;
  attempts: number;
}

/** Facts that could not be applied: kept until somebody has mended the cause and retries them. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly inbox: Inbox,
    private readonly handlers: FactHandlers,
  ) {}

  async count(): Promise<number> {
    const [{ count }] = await this.dataSource.query('SELECT dead_letter_count() AS count');
    return count;
  }

  async keep({ subject, messageId, payload, attempts }: UnappliedFact, error: unknown): Promise<void> {
    const tenantId = tenantOf(payload);
    logger().error(
      { err: error, subject, messageId, tenantId, attempts },
      'fact cannot be applied; kept as dead letter',
    );
    await this.transactions.inTenant(tenantId, (manager) =>
      manager.query(
        `INSERT INTO dead_letter (tenant_id, subject, message_id, payload, error, attempts) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant_id, subject, message_id)
         DO UPDATE SET error = excluded.error, attempts = dead_letter.attempts + excluded.attempts, failed_at = now()`,
        [tenantId, subject, messageId, Buffer.from(payload), reasonOf(error), attempts],
      ),
    );
  }

  /** Applies all dead letters again, or the one of this fact. What fails again stays, with its new reason. */
  async retry(messageId?: string): Promise<{ applied: number; failed: number }> {
    const rows: DeadLetterRow[] = await this.dataSource.query('SELECT * FROM dead_letters($1)', [messageId]);
    let applied = 0;
    for (const row of rows) if (await this.retryOne(row)) applied++;
    return { applied, failed: rows.length - applied };
  }

  private async retryOne({ tenant_id, subject, message_id, payload }: DeadLetterRow): Promise<boolean> {
    try {
      const handled = this.handlers.all().get(subject);
      if (!handled) throw new Error(`Nothing here handles ${subject} any more`);
      await this.inbox.apply(handled, readEnvelope(payload), (manager) =>
        manager.query('DELETE FROM dead_letter WHERE tenant_id = $1 AND subject = $2 AND message_id = $3', [
          tenant_id,
          subject,
          message_id,
        ]),
      );
      return true;
    } catch (error) {
      await this.keep({ subject, messageId: message_id, payload, attempts: 1 }, error);
      return false;
    }
  }
}

/** 0, where no tenant sees it, for what is no fact at all. */
const tenantOf = (payload: Uint8Array): number => {
  try {
    return readEnvelope(payload).tenantId;
  } catch {
    return 0;
  }
};

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
