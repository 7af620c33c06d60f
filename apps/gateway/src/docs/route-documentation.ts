import { STATUS_CODES } from 'node:http';
import { type Class, type ErrorCode, errorStatus, type Operation } from '@countinghouse/contracts';
import { applyDecorators } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConsumes,
  ApiExtension,
  ApiHeader,
  ApiResponse,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import { Refusal } from '../http/refusal.dto.js';
import type { BodyKind, Route } from '../http/route.js';

/** A successful answer, and the refusals to expect besides those that any route may give. */
export interface DocumentedAnswer {
  status: number;
  description?: string;
  /** Of an answer in JSON. */
  type?: Class<unknown>;
  isArray?: boolean;
  /** Of an answer that is not JSON. */
  contentType?: string;
  errors?: readonly ErrorCode[];
}

export const replyOf = ({ reply, errors }: Operation, status?: number): DocumentedAnswer => {
  const [type] = [reply].flat();
  return {
    status: status ?? (type ? 200 : 204),
    isArray: Array.isArray(reply),
    errors,
    ...(type && { type }),
  };
};

/** A broken request, too many of them, a defect, something that cannot be reached. */
const always: ErrorCode[] = ['bad_request', 'too_many_requests', 'internal', 'unavailable', 'deadline_exceeded'];
const ofBody: ErrorCode[] = ['unsupported_media_type', 'too_large'];
const ofFile: ErrorCode[] = ['insufficient_storage'];
const ofToken: ErrorCode[] = ['unauthorized', 'forbidden'];

const notModified: ApiResponseOptions = {
  status: 304,
  description: 'Nothing has changed since the answer with that ETag',
};

const consumed: Partial<Record<BodyKind, string[]>> = {
  form: ['application/x-www-form-urlencoded'],
  file: ['application/octet-stream', 'multipart/form-data'],
};

/** A route's part of the API document, but for its parameters and words, which come from the method itself. */
export function documentRoute({ access, body, etag }: Route, answer: DocumentedAnswer): MethodDecorator {
  const codes = new Set([
    ...always,
    ...(access === 'public' ? [] : ofToken),
    ...(body === 'none' ? [] : ofBody),
    ...(body === 'file' ? ofFile : []),
    ...(answer.errors ?? []),
  ]);
  return applyDecorators(
    forgetGuessedAnswers,
    ApiResponse(successOf(answer)),
    ...[...codes].map((code) => documentRefusal(code)),
    ...(etag ? [ApiHeader({ name: 'If-None-Match', required: false }), ApiResponse(notModified)] : []),
    ...(consumed[body] ? [ApiConsumes(...consumed[body])] : []),
    ...(access === 'public' ? [] : [ApiBearerAuth(), ApiExtension('x-roles', access)]),
  );
}

function successOf({ status, description, type, isArray, contentType }: DocumentedAnswer): ApiResponseOptions {
  const named = { status, description: description ?? STATUS_CODES[status] ?? '' };
  if (contentType) {
    const format = /^text\/|json$/.test(contentType) ? {} : { format: 'binary' };
    return { ...named, content: { [contentType]: { schema: { type: 'string', ...format } } } };
  }
  return type ? { ...named, type: type as never, isArray: isArray ?? false } : named;
}

const examples: Partial<Record<ErrorCode, string>> = {
  bad_request: 'Distributor parameter is required',
  unauthorized: 'Invalid token',
  forbidden: 'Your role may not do this',
  not_found: 'Report not found',
  too_many_requests: 'Too many requests, try again later',
  internal: 'Internal server error',
};

function documentRefusal(code: ErrorCode): MethodDecorator {
  const statusCode = errorStatus[code];
  const error = STATUS_CODES[statusCode] ?? '';
  const example: Refusal = { statusCode, message: examples[code] ?? error, error, requestId: 'a-request' };
  return ApiResponse({ status: statusCode, description: error, type: Refusal, example });
}

/** The OpenAPI plugin guesses an answer from the method's return type before we say what it is. */
const forgetGuessedAnswers: MethodDecorator = (_target, _property, descriptor) => {
  Reflect.deleteMetadata('swagger/apiResponse', descriptor.value as object);
};
