import type { Fact, FactEnvelope } from '@countinghouse/contracts';
import { jetstream } from '@nats-io/jetstream';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { NATS_CONNECTION, type NatsConnection } from '../bus/connection.js';
import { Loop } from '../jobs/loop.js';
import { logger } from '../logging/logger.js';
import { FACTS_OPTIONS, type FactsOptions } from './facts-options.js';
import { ensureStream, watchConnection, streamOf } from './fact-stream.js';

/** Held by the one replica that is publishing, so that facts leave in the order of their ids. */
const relayLock = 7_010_927;
const batchSize = 200;
const publishTimeoutMs = 3_000;
const streamCheckMs = 10_000;

interface OutboxRow {
  id: string;
  tenant_id: number;
  subject: string;
  body: unknown;
  request_id: string | null;
  traceparent: string | null;
  created_at: Date;
}

/**
 * Publishes what is in the outbox, with the outbox id as `Nats-Msg-Id`, and marks it published once JetStream has it.
 * When the broker has lost its store, everything is published again; consumers know what they have applied.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly wake = (): void => this.loop.wake();

  private readonly stream: string | null;
  private readonly loop = new Loop('outbox relay', 1_000, () => this.pass());
  private connected = true;
  private nextStreamCheckAt = 0;

  constructor(
    @Inject(FACTS_OPTIONS) private readonly options: FactsOptions,
    @Inject(NATS_CONNECTION) private readonly connection: NatsConnection,
    private readonly dataSource: DataSource,
  ) {
    this.stream = options.publishes[0] ? streamOf(options.publishes[0]) : null;
  }

  publishes(fact: Fact): boolean {
    return this.options.publishes.some(({ subject }) => subject === fact.subject);
  }

  onApplicationBootstrap(): void {
    if (!this.stream) return;
    this.loop.start();
    void watchConnection(this.connection, (connected) => {
      this.connected = connected;
      this.nextStreamCheckAt = 0;
      this.wake();
    });
  }

  /** After the last operation has been answered and before the database goes. */
  onApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  /** Marks everything as unpublished, so that it is published again. Answers how many facts that are. */
  async replay(): Promise<number> {
    const count = await this.dataSource.transaction(markUnpublished);
    this.wake();
    return count;
  }

  /** Publishes one batch. Answers whether there may be more. */
  private async pass(): Promise<boolean> {
    if (!this.connected) return false;
    const { more, failure } = await this.dataSource.transaction(async (manager) => {
      const [{ locked }] = await manager.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [relayLock]);
      if (!locked) return { more: false, failure: null };
      if (Date.now() >= this.nextStreamCheckAt) await this.checkStream(manager);
      return this.publishBatch(manager);
    });
    if (!failure) return more;
    this.nextStreamCheckAt = 0; // the stream may be gone
    throw failure;
  }

  private async checkStream(manager: EntityManager): Promise<void> {
    const { created, lastSequence } = await ensureStream(this.connection, this.stream!, this.options.publishes);
    const [known] = await manager.query('SELECT created, last_sequence FROM fact_stream WHERE name = $1', [
      this.stream,
    ]);
    if (known?.created !== created || known.last_sequence > lastSequence) {
      const facts = await markUnpublished(manager);
      if (known) logger().warn({ facts }, `${this.stream} has lost its store; publishing everything again`);
      await manager.query(
        `INSERT INTO fact_stream VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET created = excluded.created, last_sequence = excluded.last_sequence`,
        [this.stream, created, lastSequence],
      );
    }
    this.nextStreamCheckAt = Date.now() + streamCheckMs;
  }

  private async publishBatch(manager: EntityManager): Promise<{ more: boolean; failure: Error | null }> {
    const rows: OutboxRow[] = await manager.query('SELECT * FROM outbox_unpublished($1)', [batchSize]);
    if (rows.length === 0) return { more: false, failure: null };
    const results = await Promise.allSettled(rows.map((row) => this.publish(row)));
    // Only the part before the first failure counts; what went out behind it is published again.
    const failed = results.findIndex(({ status }) => status === 'rejected');
    const published = results.slice(0, failed === -1 ? undefined : failed);
    if (published.length > 0) {
      await manager.query('SELECT outbox_published($1)', [rows.slice(0, published.length).map(({ id }) => id)]);
      const sequences = published.map((result) => (result as PromiseFulfilledResult<number>).value);
      await manager.query('UPDATE fact_stream SET last_sequence = greatest(last_sequence, $2) WHERE name = $1', [
        this.stream,
        Math.max(...sequences),
      ]);
    }
    const failure = results[failed] as PromiseRejectedResult | undefined;
    return { more: rows.length === batchSize, failure: failure ? (failure.reason as Error) : null };
  }

  private async publish(row: OutboxRow): Promise<number> {
    const { seq } = await jetstream(this.connection).publish(row.subject, JSON.stringify(envelopeOf(row)), {
      msgID: row.id,
      timeout: publishTimeoutMs,
      expect: { streamName: this.stream! },
    });
    return seq;
  }
}

const markUnpublished = async (manager: EntityManager): Promise<number> => {
  await manager.query('SET LOCAL statement_timeout = 0'); // there may be years of them
  const [{ count }] = await manager.query('SELECT outbox_replay() AS count');
  return count;
};

const envelopeOf = (row: OutboxRow): FactEnvelope => ({
  id: row.id,
  tenantId: row.tenant_id,
  occurredAt: row.created_at.toISOString(),
  ...(row.request_id !== null && { requestId: row.request_id }),
  ...(row.traceparent !== null && { traceparent: row.traceparent }),
  body: row.body,
});
