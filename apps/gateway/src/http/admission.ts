import { DomainError } from '@countinghouse/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { addressOf } from '../limits/address.js';
import { InFlight } from '../limits/in-flight.js';
import { type Quota, RateLimits } from '../limits/rate-limits.js';
import { TokenVerifier } from '../tokens/token-verifier.js';
import type { VerifiedToken } from '../tokens/verified-token.js';
import { bodyLimits } from './body.js';
import { refuseBody } from './media-type.js';
import { refuse } from './refuse.js';
import type { Access, Route } from './route.js';

/** A path that nobody declared will be a 404; until then it is treated like any public one. */
const undeclared: Pick<Route, 'access' | 'body' | 'load'> = { access: 'public', body: 'none', load: 'short' };

/**
 * Decides who comes in, before a byte of the body is read: 503 when too much is under way, then 401, 429, 403, 415, 413.
 *
 * Nothing here waits for anything when the token is known and its holder has some of their quota left.
 */
@Injectable()
export class Admission {
  private readonly inFlight: InFlight;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly tokens: TokenVerifier,
    private readonly limits: RateLimits,
  ) {
    this.inFlight = new InFlight(config.MAX_IN_FLIGHT);
  }

  /** Fastify's hook. It answers refusals itself: under load most answers are refusals, so they must be cheap. */
  readonly onRequest: onRequestHookHandler = (request, reply, done) => {
    const refused = (error: unknown) => void refuse(request, reply, error);
    try {
      const waiting = this.admit(request, reply);
      if (waiting) waiting.then(() => done(), refused);
      else done();
    } catch (error) {
      refused(error);
    }
  };

  get nothingUnderWay(): boolean {
    return this.inFlight.none;
  }

  private admit(request: FastifyRequest, reply: FastifyReply): void | Promise<void> {
    const route = request.routeOptions.config.route ?? undeclared;
    this.inFlight.enter(reply, route.load);
    return andThen(this.identify(request, reply, route.access), (token) => {
      request.token = token;
      return andThen(this.limits.take(token?.holder ?? strangerAt(request)), (quota) => {
        spend(quota, reply);
        if (token) authorise(token, route.access);
        refuseBody(request.headers, route.body, this.bodyLimit(route));
      });
    });
  }

  private identify(request: FastifyRequest, reply: FastifyReply, access: Access) {
    if (access === 'public') return null;
    const { authorization } = request.headers;
    return (
      this.tokens.known(authorization) ??
      this.tokens.verify(authorization).catch(async (error: unknown) => {
        spend(await this.limits.take(strangerAt(request)), reply);
        throw error;
      })
    );
  }

  private bodyLimit({ body }: Pick<Route, 'body'>): number {
    return body === 'file' ? this.config.MAX_UPLOAD_BYTES : bodyLimits[body];
  }
}

/** Goes on at once where there is nothing to wait for. */
const andThen = <A, B>(value: A | Promise<A>, next: (value: A) => B | Promise<B>): B | Promise<B> =>
  value instanceof Promise ? value.then(next) : next(value);

/** Without a token that holds, callers are told apart by where they call from. */
const strangerAt = ({ ip }: FastifyRequest): string => `address ${addressOf(ip)}`;

function spend({ allowed, policy, state, resetSeconds }: Quota, reply: FastifyReply): void {
  void reply.header('ratelimit-policy', policy).header('ratelimit', state);
  if (allowed) return;
  throw new DomainError('too_many_requests', 'Too many requests, try again later', { retryAfterSeconds: resetSeconds });
}

function authorise({ principal }: VerifiedToken, access: Access): void {
  if (access === 'public' || principal.roles.some((role) => access.includes(role))) return;
  throw new DomainError('forbidden', 'Your role may not do this');
}
