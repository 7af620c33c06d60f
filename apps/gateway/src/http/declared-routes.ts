import type { FastifyInstance, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    declaredRoutes: RouteOptions[];
  }
}

/** Deny by default: a route that nobody declared with `@Asks` or `@Serves` stops the start. */
export function requireDeclarations(instance: FastifyInstance): void {
  instance.decorate('declaredRoutes', []);
  instance.addHook('onRoute', (options) => {
    if (!options.config?.route) {
      throw new Error(
        `${String(options.method)} ${options.url} does not say who may call it; declare it with @Asks or @Serves`,
      );
    }
    instance.declaredRoutes.push(options);
  });
}
