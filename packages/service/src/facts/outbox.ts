import type { Fact } from '@countinghouse/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { afterCommit } from '../database/after-commit.js';
import { logContext } from '../logging/logger.js';
import { OutboxRelay } from './outbox-relay.js';

/** Where a fact is written in the transaction that makes it true; published once that has committed. */
@Injectable()
export class Outbox {
  constructor(private readonly relay: OutboxRelay) {}

  async add<Body>(manager: EntityManager, fact: Fact<Body>, tenantId: number, body: Body): Promise<void> {
    if (!this.relay.publishes(fact))
      throw new Error(`${fact.subject} is not among the facts that this service publishes`);
    const { requestId, traceparent } = logContext.getStore() ?? {};
    await manager.query(
      `INSERT INTO outbox (tenant_id, subject, body, request_id, traceparent) VALUES ($1, $2, $3, $4, $5)`,
      [tenantId, fact.subject, JSON.stringify(body), requestId, traceparent],
    );
    afterCommit(manager, this.relay.wake);
  }
}
