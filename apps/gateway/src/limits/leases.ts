import { hash } from 'node:crypto';
import type { NatsConnection } from '@countinghouse/service/process';
import { JetStreamApiCodes, JetStreamApiError, StorageType } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';

/** The shared count of what all gateways have taken of each holder's quota. */
export interface Leases {
  /**
   * Takes up to `wanted` of what is left of a holder's quota in a window.
   *
   * @returns how many are now the caller's, and how many nobody has taken yet
   */
  take(window: number, holder: string, wanted: number, quota: number): Promise<Lease>;
}

export interface Lease {
  granted: number;
  untaken: number;
}

const bucket = 'rate_limits';
const timeoutMs = 500;
/** Nobody looks at a minute after the next. */
const keepMs = 120_000;

/** The count in NATS KV, kept in the broker's memory: with a new broker a new minute begins. */
export class KvLeases implements Leases {
  private opened?: Promise<KV>;

  constructor(private readonly connection: NatsConnection) {}

  async take(window: number, holder: string, wanted: number, quota: number): Promise<Lease> {
    this.opened ??= new Kvm(this.connection).create(bucket, { history: 1, ttl: keepMs, storage: StorageType.Memory });
    try {
      const key = `${window}.${hash('sha256', holder, 'base64url')}`;
      return await inTime(this.opened.then((counts) => takeFrom(counts, key, wanted, quota)));
    } catch (error) {
      this.opened = undefined; // the broker may have forgotten the bucket
      throw error;
    }
  }
}

/** Read, decide, write unless somebody else wrote meanwhile. */
async function takeFrom(counts: KV, key: string, wanted: number, quota: number): Promise<Lease> {
  for (;;) {
    const entry = await counts.get(key);
    const taken = Number(entry?.string() ?? 0);
    const granted = Math.min(wanted, quota - taken);
    if (granted <= 0) return { granted: 0, untaken: 0 };
    const previousSeq = entry?.revision ?? 0;
    const written = await counts.put(key, String(taken + granted), { previousSeq }).catch(undefinedWhenOvertaken);
    if (written !== undefined) return { granted, untaken: quota - taken - granted };
  }
}

const undefinedWhenOvertaken = (error: unknown): undefined => {
  const overtaken =
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence ||
      error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);
  if (!overtaken) throw error;
};

async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
