import type { EntityManager, QueryRunner } from 'typeorm';

type Callback = () => void;

const callbacks = new WeakMap<QueryRunner, Set<Callback>>();

/**
 * Calls back once if and when the manager's transaction (one of `Transactions`) commits: to wake up what would
 * otherwise find the new rows at its next poll. Nothing that must happen may depend on it.
 */
export const afterCommit = ({ queryRunner }: EntityManager, callback: Callback): void => {
  if (!queryRunner) return;
  const waiting = callbacks.get(queryRunner);
  if (waiting) waiting.add(callback);
  else callbacks.set(queryRunner, new Set([callback]));
};

/** The callbacks of a transaction, to be called when it has committed. */
export const callbacksOf = ({ queryRunner }: EntityManager): Iterable<Callback> =>
  (queryRunner && callbacks.get(queryRunner)) ?? [];
