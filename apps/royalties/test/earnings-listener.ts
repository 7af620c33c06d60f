import { type EarningsPublished, type EarningsWithdrawn, type FactEnvelope } from '@countinghouse/contracts';
import { connectNats, type NatsConnection } from '@countinghouse/service';
import { eventually, type Platform } from '@countinghouse/testing';

export type Earnings = EarningsPublished & Partial<EarningsWithdrawn>;

/** Hears of earnings as accounting does: from the stream, all that there ever were, each fact once. */
export class EarningsListener {
  private readonly facts = new Map<string, FactEnvelope<Earnings>>();

  private constructor(private readonly nats: NatsConnection) {}

  static async at({ natsUrl }: Platform): Promise<EarningsListener> {
    const nats = await connectNats('accounting of a test', natsUrl);
    const listener = new EarningsListener(nats);
    const inbox = `_INBOX.earnings.${process.pid}`;
    nats.subscribe(inbox, {
      callback: (_, message) => {
        const fact = message.json<FactEnvelope<Earnings>>();
        listener.facts.set(fact.id, fact);
      },
    });
    const config = { deliver_subject: inbox, deliver_policy: 'all', ack_policy: 'none', filter_subject: 'royalties.>' };
    await eventually(async () => {
      const reply = await nats.request(
        '$JS.API.CONSUMER.CREATE.FACTS_ROYALTIES',
        JSON.stringify({ stream_name: 'FACTS_ROYALTIES', config }),
      );
      const { error } = reply.json<{ error?: { description: string } }>();
      if (error) throw new Error(error.description);
    });
    return listener;
  }

  /** What was told of a statement's earnings, once there are so many facts of it. */
  of(statementId: number, count: number): Promise<Earnings[]> {
    return eventually(() => {
      const told = [...this.facts.values()].map(({ body }) => body);
      const earnings = told.filter((body) => body.statementId === statementId && 'earningsId' in body);
      if (earnings.length !== count)
        throw new Error(`${earnings.length} of ${count} facts: ${JSON.stringify(earnings)}`);
      return earnings.toSorted((a, b) => a.earningsId - b.earningsId);
    });
  }

  close(): Promise<void> {
    return this.nats.close();
  }
}
