import { randomUUID } from 'node:crypto';
import { accountingFacts, type Call, type Fact, type FactEnvelope, type Operation } from '@countinghouse/contracts';
import { Bus, connectNats, type NatsConnection } from '@countinghouse/service';
import type { Platform } from '@countinghouse/testing';

/** What accounting has to do with royalties: facts about payments on the real broker, and questions. */
export class Accounting {
  private readonly bus: Bus;

  private constructor(private readonly nats: NatsConnection) {
    this.bus = new Bus(nats);
  }

  static async at({ natsUrl }: Platform): Promise<Accounting> {
    const nats = await connectNats('accounting of a test', natsUrl);
    const subjects = Object.values(accountingFacts).map(({ subject }) => subject);
    // Where accounting itself runs, the stream is there already.
    await nats.request(
      '$JS.API.STREAM.CREATE.FACTS_ACCOUNTING',
      JSON.stringify({ name: 'FACTS_ACCOUNTING', subjects }),
    );
    return new Accounting(nats);
  }

  /** Answers what was sent, so that it can be sent again. */
  async tell<Body>(fact: Fact<Body>, tenantId: number, body: Body): Promise<FactEnvelope<Body>> {
    const envelope = { id: randomUUID(), tenantId, occurredAt: new Date().toISOString(), body };
    await this.send(fact, envelope);
    return envelope;
  }

  async send<Body>({ subject }: Fact<Body>, envelope: FactEnvelope<Body>): Promise<void> {
    const acknowledged = await this.nats.request(subject, JSON.stringify(envelope));
    if (!acknowledged.json<{ seq?: number }>().seq) throw new Error(`not stored: ${acknowledged.string()}`);
  }

  paid(tenantId: number, paymentId: number, userId: string, reportIds: number[], paidAt = new Date().toISOString()) {
    const body = { paymentId, userId, reportIds, amount: '1', currency: 'EUR', paidAt };
    return this.tell(accountingFacts.paymentRecorded, tenantId, body);
  }

  voided(tenantId: number, paymentId: number, userId: string, reportIds: number[]) {
    const body = { paymentId, userId, reportIds, voidedAt: new Date().toISOString() };
    return this.tell(accountingFacts.paymentVoided, tenantId, body);
  }

  ask<Request, Reply>(operation: Operation<Request, Reply>, request: Request, call: Call): Promise<Reply> {
    return this.bus.ask(operation, request, call);
  }

  close(): Promise<void> {
    return this.nats.close();
  }
}
