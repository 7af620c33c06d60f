import { type Call, DomainError, type ErrorReply, type Operation, type ReplyEnvelope } from '@countinghouse/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { isObservable, lastValueFrom } from 'rxjs';
import { wasReplayed } from '../database/idempotency.js';
import { logContext, logger } from '../logging/logger.js';
import { operationSeconds } from '../operations/metrics.js';
import { decodeRequest, encodeReply, maxReplyBytes, messagesOf } from './call-wire.js';
import { GatheredPublisher } from './gathered-publisher.js';
import { validated } from './validation.js';

const internal: ErrorReply = { code: 'internal', message: 'Internal server error' };

/**
 * Answers a service's operations over NATS, for Nest.
 *
 * One queue-group subscription for the whole service, handlers found by their subject. Every question gets an answer:
 * a reply that cannot be written becomes an error, because a caller without an answer waits for its whole deadline.
 */
export class OperationServer extends Server implements CustomTransportStrategy {
  private readonly publisher: GatheredPublisher;
  private subscription?: Subscription;
  private inFlight = 0;
  private idle = Promise.withResolvers<void>();

  constructor(
    private readonly service: string,
    private readonly connection: NatsConnection,
  ) {
    super();
    this.publisher = new GatheredPublisher(connection);
  }

  listen(callback: () => void): void {
    this.subscription = this.connection.subscribe(`rpc.${this.service}.>`, {
      queue: this.service,
      callback: (error, message) => {
        if (!error) void this.receive(message);
      },
    });
    callback();
  }

  /** Takes no new questions, and answers the ones it has. */
  async close(): Promise<void> {
    if (this.subscription && !this.subscription.isClosed()) await this.subscription.drain();
    if (this.inFlight > 0) await this.idle.promise;
    if (!this.connection.isClosed()) await this.connection.flush();
  }

  on(): void {}

  unwrap<T>(): T {
    return this.connection as T;
  }

  private async receive(message: Msg): Promise<void> {
    this.inFlight += 1;
    try {
      const reply = await this.answer(message);
      if (!message.reply) return;
      for (const part of messagesOf(this.encode(message.subject, reply))) this.publisher.publish(message.reply, part);
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) {
        this.idle.resolve();
        this.idle = Promise.withResolvers();
      }
    }
  }

  private async answer({ subject, data }: Msg): Promise<ReplyEnvelope> {
    const handler = this.messageHandlers.get(subject);
    if (!handler) return { error: { code: 'unavailable', message: `${subject} is not known here` } };
    const stop = operationSeconds.startTimer({ operation: subject });
    try {
      const { call, request } = decodeRequest(data);
      const { requestId, traceparent } = call;
      const reply = await logContext.run({ requestId, ...(traceparent && { traceparent }) }, () =>
        this.handle(handler, request, call),
      );
      stop({ outcome: 'ok' });
      return reply;
    } catch (error) {
      const refusal = toErrorReply(error, subject);
      stop({ outcome: refusal.code });
      return { error: refusal };
    }
  }

  private async handle(handler: MessageHandler, request: unknown, call: Call): Promise<ReplyEnvelope> {
    const { operation } = handler.extras as { operation: Operation };
    const result = await handler(validated(operation.request, request), call);
    const reply: unknown = isObservable(result) ? await lastValueFrom(result, { defaultValue: null }) : result;
    return { reply: reply ?? null, ...(wasReplayed(call) && { replayed: true }) };
  }

  private encode(subject: string, envelope: ReplyEnvelope): Uint8Array {
    try {
      const bytes = encodeReply(envelope);
      if (bytes.length <= maxReplyBytes) return bytes;
      logger().error({ subject, bytes: bytes.length }, 'reply is too long');
    } catch (error) {
      logger().error({ subject, err: error }, 'reply cannot be written');
    }
    return encodeReply({ error: internal });
  }
}

function toErrorReply(error: unknown, subject: string): ErrorReply {
  if (error instanceof DomainError) return error.reply;
  logger().error({ subject, err: error }, 'operation failed');
  return internal;
}
