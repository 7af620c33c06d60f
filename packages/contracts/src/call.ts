export const roles = [
  'platform_admin',
  'admin',
  'reseller_admin',
  'reseller',
  'merchant',
  'provider',
  'member',
] as const;
export type Role = (typeof roles)[number];

/** Who asks, as the verified token says. Either `userId` or `clientId` is set. */
export interface Principal {
  /** 0 for the platform admin, who belongs to no tenant. */
  tenantId: number;
  userId?: string;
  clientId?: string;
  roles: Role[];
  /** 24 lower-case hexadecimal characters. */
  resellerId?: string;
  clientIds?: string[];
}

/** A write that the caller wants to be able to repeat. */
export interface Idempotency {
  /** The caller's `Idempotency-Key`. */
  key: string;
  /** Method and path as called, such as `POST /user`: part of the key's scope. */
  route: string;
  /** SHA-256 of what was sent; the same key with another hash is refused. */
  bodyHash: string;
}

/** What travels with every question besides the question itself. */
export interface Call {
  requestId: string;
  /** W3C trace context. */
  traceparent?: string;
  /** On public routes: whom the caller's network address stands for, by which failed logins are counted. */
  address?: string;
  /** Absent on public routes such as login. */
  principal?: Principal;
  idempotency?: Idempotency;
}

/** The wire form of a question and of its answer. */
export interface RequestEnvelope<Request = unknown> {
  call: Call;
  request: Request;
}
export type ReplyEnvelope<Reply = unknown> =
  | { reply: Reply; replayed?: true }
  | { error: import('./errors.js').ErrorReply };
