import type { NatsConnection } from '@nats-io/transport-node';

type Message = [subject: string, payload: Uint8Array, reply: string | undefined];

/**
 * Publishes everything of one turn of the event loop together.
 *
 * The connection writes to its socket once per burst of publishes; without gathering, each small message is a system
 * call of its own, and that is where the time of small reads goes.
 */
export class GatheredPublisher {
  private waiting: Message[] = [];

  constructor(private readonly connection: NatsConnection) {}

  publish(subject: string, payload: Uint8Array, reply?: string): void {
    if (this.waiting.push([subject, payload, reply]) === 1) setImmediate(() => this.flush());
  }

  private flush(): void {
    const messages = this.waiting;
    this.waiting = [];
    if (this.connection.isClosed()) return;
    for (const [subject, payload, reply] of messages) {
      this.connection.publish(subject, payload, reply === undefined ? {} : { reply });
    }
  }
}
