import type { Fact, FactEnvelope } from '@countinghouse/contracts';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Injectable, SetMetadata } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

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
    for (const { instance } of this.discovery.getProviders()) {
      if (!instance || typeof instance !== 'object') continue;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const method = instance[name] as FactHandler;
        const fact: Fact | undefined = Reflect.getMetadata(handledFact, method);
        if (!fact) continue;
        if (handlers.has(fact.subject)) throw new Error(`${fact.subject} has two @OnFact handlers; one must call both`);
        handlers.set(fact.subject, { fact, handle: method.bind(instance) });
      }
    }
    return handlers;
  }
}
