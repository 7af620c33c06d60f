import { type Call, DomainError, type Operation, type ReplyEnvelope } from '@countinghouse/contracts';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { decodeReply, encodeRequest, joinMessage, maxMessageBytes } from './call-wire.js';
import { GatheredPublisher } from './gathered-publisher.js';

/** What the question carries: Nest's packet data for this transport. */
interface Question {
  call: Call;
  request: unknown;
  deadlineMs: number;
}

/** Who waits for an answer, and the parts of it that are here. */
interface Waiting {
  settle: (packet: WritePacket) => void;
  parts: Uint8Array[];
}

type Answered<Reply> = { reply: Reply; replayed?: true };

const unavailable = (what: string) =>
  new DomainError('unavailable', `${what} cannot be reached, try again shortly`, { retryAfterSeconds: 2 });

const serviceOf = (subject: string): string => subject.split('.')[1] ?? subject;

/**
 * Asks other processes over NATS.
 *
 * One wildcard inbox serves all questions of the process: stock Nest subscribes and unsubscribes an inbox per question.
 * A question without an answer in its deadline is refused, never left hanging.
 */
export class Bus extends ClientProxy {
  private readonly inbox = createInbox();
  private readonly waiting = new Map<string, Waiting>();
  private readonly publisher: GatheredPublisher;
  private sequence = 0;

  constructor(private readonly connection: NatsConnection) {
    super();
    this.publisher = new GatheredPublisher(connection);
    connection.subscribe(`${this.inbox}.*`, { callback: (_, message) => this.receive(message) });
    void this.refuseWaitingOnDisconnect();
  }

  /** The reply, or a `DomainError`: the service's own, `unavailable`, or `deadline_exceeded`. */
  async ask<Request, Reply>(operation: Operation<Request, Reply>, request: Request, call: Call): Promise<Reply> {
    return (await this.askForReply(operation, request, call)).reply;
  }

  /** As {@link ask}, with the mark of an answer that is replayed for an idempotency key. */
  askForReply<Request, Reply>(
    { subject, deadlineMs }: Operation<Request, Reply>,
    request: Request,
    call: Call,
  ): Promise<Answered<Reply>> {
    return new Promise((resolve, reject) => {
      const question: Question = { call, request, deadlineMs };
      this.publish({ pattern: subject, data: question }, ({ err, response }) =>
        err ? reject(err as Error) : resolve(response as Answered<Reply>),
      );
    });
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  /** The connection belongs to the process, which drains it. */
  close(): void {}

  unwrap<T>(): T {
    return this.connection as T;
  }

  protected publish({ pattern, data }: ReadPacket<Question>, callback: (packet: WritePacket) => void): () => void {
    const token = (this.sequence++).toString(36);
    const timer = setTimeout(
      () => settle({ err: new DomainError('deadline_exceeded', `${serviceOf(pattern)} did not answer in time`) }),
      data.deadlineMs,
    );
    const settle = (packet: WritePacket) => {
      clearTimeout(timer);
      if (this.waiting.delete(token)) callback(packet);
    };
    this.waiting.set(token, { settle, parts: [] });
    const payload = encodeRequest({ call: data.call, request: data.request });
    if (payload.length > maxMessageBytes) {
      settle({ err: new DomainError('too_large', 'The request is larger than one message may be') });
    } else if (this.connection.isClosed() || !this.connected) {
      settle({ err: unavailable('The message broker') });
    } else {
      this.publisher.publish(pattern, payload, `${this.inbox}.${token}`);
    }
    return () => settle({ isDisposed: true });
  }

  protected dispatchEvent(): Promise<never> {
    return Promise.reject(new Error('Facts go through the outbox, so that none is lost'));
  }

  private connected = true;

  private receive(message: Msg): void {
    const waiting = this.waiting.get(message.subject.slice(this.inbox.length + 1));
    if (!waiting) return; // after its deadline
    const { settle, parts } = waiting;
    if (message.headers?.code === 503) return settle({ err: unavailable('The service') });
    const reply = joinMessage(parts, message.data);
    if (!reply) return;
    let envelope: ReplyEnvelope;
    try {
      envelope = decodeReply(reply);
    } catch {
      return settle({ err: new DomainError('internal', 'Internal server error') });
    }
    if ('error' in envelope) {
      const { code, message: text, ...more } = envelope.error;
      return settle({ err: new DomainError(code, text, more) });
    }
    settle({ response: envelope });
  }

  /** What was asked before the connection broke may or may not have been heard; the caller is told at once. */
  private async refuseWaitingOnDisconnect(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'reconnect') this.connected = true;
      if (type !== 'disconnect') continue;
      this.connected = false;
      for (const { settle } of this.waiting.values()) settle({ err: unavailable('The message broker') });
    }
  }
}
