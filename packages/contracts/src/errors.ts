/** Every refusal a service can give, with the HTTP status it becomes at the edge. */
export const errorStatus = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
  deadline_exceeded: 504,
  insufficient_storage: 507,
} as const;

export type ErrorCode = keyof typeof errorStatus;

export interface FieldError {
  /** Path of the field in the request, such as `shares.0.share`. */
  field: string;
  message: string;
}

/** What a refusal looks like between processes. */
export interface ErrorReply {
  code: ErrorCode;
  message: string;
  /** Human words, where `message` is a code that a reference document fixes. */
  description?: string;
  details?: FieldError[];
  retryAfterSeconds?: number;
}

/** The only error that services throw on purpose; anything else is a defect and answers 500. */
export class DomainError extends Error {
  readonly reply: ErrorReply;

  constructor(code: ErrorCode, message: string, more: Omit<ErrorReply, 'code' | 'message'> = {}) {
    super(message);
    this.name = 'DomainError';
    this.reply = { code, message, ...more };
  }
}
