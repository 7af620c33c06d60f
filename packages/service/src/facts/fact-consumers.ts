import type { Fact } from '@countinghouse/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  type Consumer,
  type ConsumerMessages,
  type JsMsg,
} from '@nats-io/jetstream';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { nanos } from '@nats-io/transport-node';
import { NATS_CONNECTION, type NatsConnection } from '../bus/connection.js';
import { whenAvailable } from '../database/database-errors.js';
import { Loop } from '../jobs/loop.js';
import { DeadLetters } from './dead-letters.js';
import { isStreamMissing, watchConnection, streamManager, streamOf } from './fact-stream.js';
import { FACTS_OPTIONS, type FactsOptions } from './facts-options.js';
import { Inbox, readEnvelope } from './inbox.js';
import { FactHandlers, type HandledFact } from './on-fact.js';

const retryAfterMs = [250, 1_000, 5_000, 20_000];
/** Not longer, because after the death of a process this is how long its facts wait for another. */
const ackWaitMs = 10_000;
const fetchMs = 5_000;

/**
 * Applies the facts that `@OnFact` methods handle: one durable consumer per service and fact, shared by all replicas.
 * A process applies the facts of one subject one after the other.
 */
@Injectable()
export class FactConsumers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: Loop[] = [];
  private readonly consumers = new Map<string, Consumer>();
  private readonly fetches = new Map<string, ConsumerMessages>();
  /** Subjects of which a fact is being applied now. */
  private readonly applying = new Set<string>();
  private connected = true;
  private stopping = false;

  constructor(
    @Inject(FACTS_OPTIONS) private readonly options: FactsOptions,
    @Inject(NATS_CONNECTION) private readonly connection: NatsConnection,
    private readonly handlers: FactHandlers,
    private readonly inbox: Inbox,
    private readonly deadLetters: DeadLetters,
  ) {}

  onApplicationBootstrap(): void {
    void watchConnection(this.connection, (connected) => {
      this.connected = connected;
      this.consumers.clear(); // the broker may have lost them
      this.endIdleFetches();
      for (const loop of this.loops) loop.wake();
    });
    for (const handled of this.handlers.all().values()) {
      const loop = new Loop(`facts of ${handled.fact.subject}`, 1_000, () => this.pass(handled));
      this.loops.push(loop);
      loop.start();
    }
  }

  /** The fact being applied is finished; those fetched with it are handed back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.endIdleFetches();
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  /** Not those whose facts are being applied: what they still hold would come again only after its time. */
  private endIdleFetches(): void {
    for (const [subject, fetch] of this.fetches) if (!this.applying.has(subject)) fetch.stop();
  }

  /** Applies what comes within some seconds. */
  private async pass(handled: HandledFact): Promise<boolean> {
    if (!this.connected) return false;
    const { subject } = handled.fact;
    try {
      const consumer = this.consumers.get(subject) ?? (await this.ensureConsumer(handled.fact));
      this.consumers.set(subject, consumer);
      const messages = await consumer.fetch({ max_messages: 20, expires: fetchMs });
      this.fetches.set(subject, messages);
      if (this.stopping) this.endIdleFetches();
      for await (const message of messages) {
        if (this.stopping) message.nak();
        else await this.apply(handled, message);
        if (this.stopping) messages.stop(); // once those that are here have been handed back
      }
      return true;
    } catch (error) {
      this.consumers.delete(subject); // it may be gone with its stream
      if (!isStreamMissing(error)) throw error;
      return false; // the service that makes the stream has not started yet
    }
  }

  private async ensureConsumer(fact: Fact): Promise<Consumer> {
    const stream = streamOf(fact);
    const name = `${this.options.service}-${fact.subject.replaceAll('.', '-')}`;
    const { consumers } = await streamManager(this.connection);
    await consumers.add(stream, {
      durable_name: name,
      filter_subject: fact.subject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ackWaitMs),
      max_deliver: -1,
    });
    return jetstream(this.connection).consumers.get(stream, name);
  }

  /** Holds on while the database, or a service that is asked, cannot be reached: that is not the fact's fault. */
  private async apply(handled: HandledFact, message: JsMsg): Promise<void> {
    const { subject, data: payload } = message;
    const attempts = message.info.deliveryCount;
    const persistently = (work: () => Promise<void>) =>
      whenAvailable(
        work,
        () => this.stopping,
        () => message.working(),
      );
    this.applying.add(subject);
    try {
      await persistently(() => this.inbox.apply(handled, readEnvelope(payload)));
      message.ack();
    } catch (error) {
      const wait = (this.options.retryAfterMs ?? retryAfterMs)[attempts - 1];
      if (wait !== undefined || this.stopping) return message.nak(wait);
      await persistently(() =>
        this.deadLetters.keep({ subject, messageId: messageIdOf(message), payload, attempts }, error),
      );
      message.term();
    } finally {
      this.applying.delete(subject);
    }
  }
}

const messageIdOf = (message: JsMsg): string =>
  message.headers?.get('Nats-Msg-Id') || `${message.info.stream}:${message.info.streamSequence}`;
