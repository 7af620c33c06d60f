import type { Fact } from '@countinghouse/contracts';

export const FACTS_OPTIONS = Symbol('facts options');

export interface FactsOptions {
  /** The service's name; its consumers are called by it. */
  service: string;
  /** The facts that this service makes known: its stream binds exactly their subjects. */
  publishes: readonly Fact[];
  /** How long to wait before each further try to apply a fact; after the last one it becomes a dead letter. */
  retryAfterMs?: readonly number[];
}
