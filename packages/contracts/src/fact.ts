import type { Class } from './operation.js';

/** Something that became true in one service and that others want to know, published over JetStream. */
export interface Fact<Body = unknown> {
  /** `<service>.<noun>.<what happened>`; also the JetStream subject. */
  readonly subject: string;
  readonly body: Class<Body>;
}

export const fact = <Body>(subject: string, body: Class<Body>): Fact<Body> => ({ subject, body });

/** The wire form of a fact. `id` is the producer's outbox id: consumers apply each id once. */
export interface FactEnvelope<Body = unknown> {
  id: string;
  tenantId: number;
  /** ISO 8601, UTC. */
  occurredAt: string;
  requestId?: string;
  traceparent?: string;
  body: Body;
}
