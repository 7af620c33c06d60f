import { exactFieldsOf, type Operation, type Role, roles } from '@countinghouse/contracts';
import { jsonOf } from '@countinghouse/money';
import { applyDecorators, HttpCode } from '@nestjs/common';
import { type DocumentedAnswer, documentRoute, replyOf } from '../docs/route-documentation.js';
import { declareRoute, type Route, type RouteOptions, routeOf } from './route.js';

/** Whoever has a valid token. */
export const anyRole: readonly Role[] = roles;

/** What a service answered, and whether that is the stored answer to an idempotency key. */
export interface Answered<Reply> {
  reply: Reply;
  replayed?: true;
}

type MethodThatReturns<Result> = <Method extends (...args: never[]) => Result>(
  target: object,
  property: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/**
 * A route that asks one operation of a service and answers with its reply: who may call it, how it answers, and its
 * part of the API document. The counterpart of the services' `@Answers`; it stands last, next to the method.
 */
export const Asks = <Request, Reply>(
  operation: Operation<Request, Reply>,
  options: RouteOptions,
): MethodThatReturns<Promise<Answered<Reply>>> => {
  const write = replyWriter(operation);
  return route(options, replyOf(operation, options.status), ({ reply }: Answered<Reply>) => write(reply));
};

/** A route that answers by itself: a file, a stream, the gateway's own state. */
export const Serves = (options: RouteOptions, answer: DocumentedAnswer): MethodDecorator =>
  route(options, answer, (returned: unknown) => JSON.stringify(returned));

const route =
  (options: RouteOptions, answer: DocumentedAnswer, write: Route['write']): MethodDecorator =>
  (target, property, descriptor) => {
    const declared = routeOf(options, write, target, property);
    const decorate = applyDecorators(HttpCode(answer.status), declareRoute(declared), documentRoute(declared, answer));
    decorate(target, property, descriptor);
  };

/** Exact amounts become JSON numbers with the digits of their decimal strings; a reply without any is just written. */
export function replyWriter<Request, Reply>({ reply }: Operation<Request, Reply>): (reply: Reply) => string {
  const [replyClass] = [reply].flat();
  const exact = replyClass ? exactFieldsOf(replyClass) : new Set<string>();
  return exact.size === 0 ? (value) => JSON.stringify(value) : (value) => jsonOf(value, exact);
}
