import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Health } from '../operations/health.js';
import { gaugeRead } from '../operations/metrics.js';
import { DeadLetters } from './dead-letters.js';
import { factsController } from './facts.controller.js';
import { FactConsumers } from './fact-consumers.js';
import { FACTS_OPTIONS, type FactsOptions } from './facts-options.js';
import { Inbox } from './inbox.js';
import { FactHandlers } from './on-fact.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox-relay.js';

/** Facts out through the `Outbox`, and in through `@OnFact`. Needs the database and the bus. */
@Global()
@Module({})
export class FactsModule {
  static forRoot(options: FactsOptions): DynamicModule {
    return {
      module: FactsModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: FACTS_OPTIONS, useValue: options },
        FactHandlers,
        Inbox,
        DeadLetters,
        OutboxRelay,
        Outbox,
        FactConsumers,
      ],
      controllers: [factsController(options.service)],
      exports: [Outbox, OutboxRelay, DeadLetters],
    };
  }

  constructor(deadLetters: DeadLetters, health: Health) {
    // Shown, but no reason to take the process out of service: everything else works.
    health.add('facts', async () => ({ deadLetters: await deadLetters.count() }));
    gaugeRead(
      {
        name: 'countinghouse_dead_letters',
        help: 'Facts that could not be applied and wait for a retry by an administrator.',
        labelNames: [],
      },
      async () => [{ labels: {}, value: await deadLetters.count() }],
    );
  }
}
