import type { DiscoveryService, MetadataScanner } from '@nestjs/core';

type Method = (...args: never[]) => unknown;

/** Every method of the application's providers that a decorator has marked under this key, bound to its provider. */
export const decoratedMethods = <Mark, Handler extends Method>(
  discovery: DiscoveryService,
  scanner: MetadataScanner,
  key: symbol,
): { mark: Mark; method: Handler }[] =>
  discovery.getProviders().flatMap(({ instance }) => {
    if (!instance || typeof instance !== 'object') return [];
    return scanner.getAllMethodNames(Object.getPrototypeOf(instance)).flatMap((name) => {
      const method: Handler = instance[name];
      const mark: Mark | undefined = Reflect.getMetadata(key, method);
      return mark === undefined ? [] : [{ mark, method: method.bind(instance) as Handler }];
    });
  });
