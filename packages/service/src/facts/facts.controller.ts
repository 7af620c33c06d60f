import { Nothing, operation } from '@countinghouse/contracts';
import { Controller, type Type } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Answers } from '../bus/answers.js';
import { DeadLetters } from './dead-letters.js';
import { OutboxRelay } from './outbox-relay.js';

class RetryDeadLetters {
  /** All of them, when not given. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  messageId?: string;
}

class RetriedDeadLetters {
  applied: number;
  failed: number;
}

class ReplayedOutbox {
  /** How many facts are published again. */
  facts: number;
}

/** What an administrator may ask a service about its facts. The gateway has no routes to these. */
export const factsOperations = (service: string) => ({
  retryDeadLetters: operation(`${service}.dead-letters.retry`, {
    request: RetryDeadLetters,
    reply: RetriedDeadLetters,
  }),
  replayOutbox: operation(`${service}.outbox.replay`, { request: Nothing, reply: ReplayedOutbox }),
});

export const factsController = (service: string): Type => {
  const operations = factsOperations(service);

  @Controller()
  class FactsController {
    constructor(
      private readonly deadLetters: DeadLetters,
      private readonly relay: OutboxRelay,
    ) {}

    @Answers(operations.retryDeadLetters)
    retry(@Payload() { messageId }: RetryDeadLetters): Promise<RetriedDeadLetters> {
      return this.deadLetters.retry(messageId);
    }

    @Answers(operations.replayOutbox)
    async replay(): Promise<ReplayedOutbox> {
      return { facts: await this.relay.replay() };
    }
  }
  return FactsController;
};
