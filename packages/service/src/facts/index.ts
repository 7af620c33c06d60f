export { DeadLetters } from './dead-letters.js';
export { factsOperations } from './facts.controller.js';
export { FactsModule } from './facts.module.js';
export type { FactsOptions } from './facts-options.js';
export { OnFact } from './on-fact.js';
export { Outbox } from './outbox.js';
export { OutboxRelay } from './outbox-relay.js';
