import type { Fact, FactEnvelope } from '@countinghouse/contracts';
import { Injectable, SetMetadata } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { decoratedMethods } from '../jobs/decorated-methods.js';

export type FactHandler<Body = unknown> = (envelope: FactEnvelope<Body>, manager: EntityManager) => Promise<void>;

const handledFact = Symbol('handled fact');

/**
 * A provider's method that applies a fact of another service. It runs in one transaction with the inbox row, in the
 * fact's tenant: exactly once in effect. Facts may come in another order than they happened, so a body that replaces
 * something carries a version, and an older one changes nothing.
 */
export const OnFact =
  <Body>(fact: Fact<Body>) =>
  (target: object, property: string, descriptor: TypedPropertyDescriptor<FactHandler<Body>>): void => {
    SetMetadata(handledFact, fact)(target, property, descriptor as PropertyDescriptor);
  };

export interface HandledFact {
  fact: Fact;
  handle: FactHandler;
}

/** Every `@OnFact` method of the application. */
@Injectable()
export class FactHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** By subject; each fact has one handler in a service. */
  all(): Map<string, HandledFact> {
    const handlers = new Map<string, HandledFact>();
    for (const { mark, method } of decoratedMethods<Fact, FactHandler>(this.discovery, this.scanner, handledFact)) {
      if (handlers.has(mark.subject)) throw new Error(`${mark.subject} has two @OnFact handlers; one must call both`);
      handlers.set(mark.subject, { fact: mark, handle: method });
    }
    return handlers;
  }
}
