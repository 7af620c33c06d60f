import { DomainError, type Call, type Idempotency, type Principal } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

/** Who wants what to happen only once. */
export interface Write {
  principal: Principal;
  idempotency: Idempotency;
}

export interface StoredReply {
  reply: unknown;
}

const replayedCalls = new WeakSet<Call>();

/** Remembers that this call was answered with the reply of an earlier one. */
export const markReplayed = (call: Call): void => void replayedCalls.add(call);

/** Whether this call was answered with the reply of an earlier one: its envelope says `replayed`. */
export const wasReplayed = (call: Call): boolean => replayedCalls.has(call);

/**
 * What the caller wants to be able to repeat, if anything. A public call has no principal and so no scope for a key:
 * it is simply executed.
 */
export const writeOf = ({ principal, idempotency }: Call): Write | null =>
  principal && idempotency ? { principal, idempotency } : null;

/** Tenant, principal, route and key: the scope of an Idempotency-Key. */
const scopeOf = ({ principal, idempotency }: Write) =>
  [
    principal.tenantId,
    principal.userId === undefined ? `client:${principal.clientId}` : `user:${principal.userId}`,
    idempotency.route,
    idempotency.key,
  ] as const;

/** Claims the key until the transaction ends and finds the reply if the write already took effect. */
export const claimKey = async (manager: EntityManager, write: Write): Promise<StoredReply | null> => {
  const scope = scopeOf(write);
  const [lock] = await manager.query(`SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS claimed`, [
    JSON.stringify(scope),
  ]);
  if (!lock.claimed) {
    throw new DomainError('conflict', 'A request with this Idempotency-Key is still running', { retryAfterSeconds: 1 });
  }
  // A statement of its own: its snapshot is taken with the lock held.
  const [stored] = await manager.query(
    `SELECT body_hash, reply FROM idempotency_key WHERE tenant_id = $1 AND principal = $2 AND route = $3 AND key = $4`,
    scope,
  );
  if (!stored) return null;
  if (stored.body_hash !== write.idempotency.bodyHash) {
    throw new DomainError('unprocessable', 'This Idempotency-Key was already used with another body');
  }
  return { reply: stored.reply };
};

export const storeReply = async (manager: EntityManager, write: Write, reply: unknown): Promise<void> => {
  await manager.query(
    `INSERT INTO idempotency_key (tenant_id, principal, route, key, body_hash, reply) VALUES ($1, $2, $3, $4, $5, $6)`,
    [...scopeOf(write), write.idempotency.bodyHash, JSON.stringify(reply ?? null)],
  );
};
