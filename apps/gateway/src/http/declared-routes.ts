import type { FastifyInstance, RouteOptions } from 'fastify';

/**
 * Deny by default: makes a route that nobody declared with `@Asks` or `@Serves` stop the start, and collects the others.
 */
export function requireDeclarations(instance: FastifyInstance): RouteOptions[] {
  const declared: RouteOptions[] = [];
  instance.addHook('onRoute', (options) => {
    if (!options.config?.route) {
      throw new Error(
        `${String(options.method)} ${options.url} does not say who may call it; declare it with @Asks or @Serves`,
      );
    }
    declared.push(options);
  });
  return declared;
}
