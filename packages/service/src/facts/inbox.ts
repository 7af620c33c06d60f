import type { FactEnvelope } from '@countinghouse/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Transactions } from '../database/transactions.js';
import { logContext } from '../logging/logger.js';
import type { HandledFact } from './on-fact.js';

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Remembers which facts were applied, in the transaction that applies them. */
@Injectable()
export class Inbox {
  constructor(private readonly transactions: Transactions) {}

  /** @param also further work of the same transaction, such as removing the dead letter that this was */
  async apply(
    { fact, handle }: HandledFact,
    envelope: FactEnvelope,
    also: (manager: EntityManager) => Promise<void> = async () => {},
  ): Promise<void> {
    const { requestId = envelope.id, traceparent, tenantId } = envelope;
    await logContext.run({ requestId, ...(traceparent && { traceparent }) }, () =>
      this.transactions.inTenant(tenantId, async (manager) => {
        const fresh: unknown[] = await manager.query(
          `INSERT INTO inbox (tenant_id, subject, fact_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
          [tenantId, fact.subject, envelope.id],
        );
        if (fresh.length > 0) await handle(envelope, manager);
        await also(manager);
      }),
    );
  }
}

/** Reads a message; throws when it is no fact at all. */
export const readEnvelope = (payload: Uint8Array): FactEnvelope => {
  const envelope: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  if (!isEnvelope(envelope)) throw new Error('Not a fact: id, tenantId, occurredAt and body are expected');
  return envelope;
};

const isEnvelope = (value: unknown): value is FactEnvelope => {
  if (typeof value !== 'object' || value === null) return false;
  const { id, tenantId, occurredAt } = value as Partial<FactEnvelope>;
  const named = typeof id === 'string' && uuid.test(id) && typeof occurredAt === 'string' && 'body' in value;
  return named && Number.isInteger(tenantId) && Number(tenantId) >= 0;
};
