import type { ErrorCode } from './errors.js';

export type Class<T> = abstract new (...args: never[]) => T;

/**
 * One question that a process answers over NATS.
 *
 * `request` and `reply` are the classes that both sides validate and document; a reply of `[Class]` is a list and of
 * `null` is no content. `errors` are the refusals a caller has to expect besides 400, 500, 503 and 504.
 */
export interface Operation<Request = unknown, Reply = unknown> {
  /** `rpc.<service>.<operation>` */
  readonly subject: string;
  readonly request: Class<Request>;
  readonly reply: Class<Reply> | readonly [Class<unknown>] | null;
  readonly errors: readonly ErrorCode[];
  /** After this time the caller gets `deadline_exceeded`. */
  readonly deadlineMs: number;
}

const defaultDeadlineMs = 10_000;

interface OperationParts<Request> {
  request: Class<Request>;
  errors?: readonly ErrorCode[];
  deadlineMs?: number;
}

export function operation<Request, Item>(
  subject: string,
  parts: OperationParts<Request> & { reply: readonly [Class<Item>] },
): Operation<Request, Item[]>;
export function operation<Request>(
  subject: string,
  parts: OperationParts<Request> & { reply: null },
): Operation<Request, null>;
export function operation<Request, Reply>(
  subject: string,
  parts: OperationParts<Request> & { reply: Class<Reply> },
): Operation<Request, Reply>;
export function operation<Request>(
  subject: string,
  parts: OperationParts<Request> & { reply: Operation['reply'] },
): Operation<Request> {
  return { subject: `rpc.${subject}`, errors: [], deadlineMs: defaultDeadlineMs, ...parts };
}

/** An operation that needs to know nothing but who asks. */
export class Nothing {}
