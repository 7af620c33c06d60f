import type { Role } from '@countinghouse/contracts';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { RouteConfig } from '@nestjs/platform-fastify';

export type Access = 'public' | readonly Role[];
/** How a request weighs when too much is under way: `long` ones are counted apart, `none` is always answered. */
export type Load = 'short' | 'long' | 'none';
export type BodyKind = 'none' | 'json' | 'form' | 'file';

export interface RouteOptions {
  /** Who may call it. */
  roles: Access;
  /** Of a successful answer to `@Asks`; 200, or 204 where there is nothing to say. */
  status?: number;
  /** How the body comes, where it is not JSON. */
  body?: BodyKind;
  /** Takes a query, although no `@Query` names its fields. */
  query?: boolean;
  /** Answers carry an ETag of their bytes, and are 304 to a caller who has them. */
  etag?: boolean;
  load?: Load;
}

/** What the edge knows of a route before it lets a request in; it lies in Fastify's route config. */
export interface Route {
  readonly access: Access;
  readonly body: BodyKind;
  readonly takesQuery: boolean;
  readonly etag: boolean;
  readonly load: Load;
  /** The text of what the controller returned. */
  readonly write: (answer: never) => string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    route?: Route;
  }
}

/** A route whose method's parameters Nest has decorated already. */
export function routeOf(
  { roles, body, query = false, etag = false, load = 'short' }: RouteOptions,
  write: Route['write'],
  target: object,
  property: string | symbol,
): Route {
  const takes = argumentKinds(target, property);
  return {
    access: roles,
    body: body ?? (takes.has(RouteParamtypes.BODY) ? 'json' : 'none'),
    takesQuery: query || takes.has(RouteParamtypes.QUERY),
    etag,
    load,
    write,
  };
}

/** Declares a controller's method to the edge. A route without a declaration keeps the gateway from starting. */
export const declareRoute = (route: Route): MethodDecorator => RouteConfig({ route });

/** What Nest's own parameter decorators of a method take from the request; the names of others begin at random. */
function argumentKinds(target: object, property: string | symbol): Set<number> {
  const decorated: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, property) ?? {};
  return new Set(Object.keys(decorated).map((key) => Number(key.split(':', 1)[0])));
}
