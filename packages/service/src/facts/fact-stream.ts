import type { Fact } from '@countinghouse/contracts';
import {
  DiscardPolicy,
  type JetStreamManager,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';

const day = 24 * 60 * 60 * 1_000;

/** The stream of the service that a fact's subject begins with. */
export const streamOf = ({ subject }: Fact): string => `FACTS_${subject.split('.', 1)[0]?.toUpperCase()}`;

export const streamManager = (connection: NatsConnection): Promise<JetStreamManager> =>
  jetstreamManager(connection, { checkAPI: false });

export const isStreamMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;

/** Tells of each loss and return of the connection, so that nothing waits out its time limits for want of a broker. */
export const watchConnection = async (
  connection: NatsConnection,
  tell: (connected: boolean) => void,
): Promise<void> => {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect' || type === 'reconnect') tell(type === 'reconnect');
  }
};

/** What tells a stream from one of the same name that was made after its store was lost. */
export interface StreamIdentity {
  created: string;
  lastSequence: number;
}

/**
 * Makes the stream of exactly these subjects if it is missing. It is transport, not the truth: facts older than its
 * limit can be published again from the outbox. A clustered broker keeps three copies.
 */
export const ensureStream = async (
  connection: NatsConnection,
  name: string,
  facts: readonly Fact[],
): Promise<StreamIdentity> => {
  const { streams } = await streamManager(connection);
  const subjects = facts.map(({ subject }) => subject);
  let info: StreamInfo;
  try {
    info = await streams.info(name);
    // Only ever more: an older replica of a rolling update does not know the newest facts.
    const missing = subjects.filter((subject) => !info.config.subjects.includes(subject));
    if (missing.length > 0) await streams.update(name, { subjects: [...info.config.subjects, ...missing] });
  } catch (error) {
    if (!isStreamMissing(error)) throw error;
    info = await streams.add({
      name,
      subjects,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(30 * day),
      num_replicas: connection.info?.cluster ? 3 : 1,
    });
  }
  return { created: info.created, lastSequence: info.state.last_seq };
};
