import { type Class, DomainError, type FieldError } from '@countinghouse/contracts';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { rememberRules } from './remembered-rules.js';

rememberRules();

/**
 * The request as an instance of its class, with unknown fields refused.
 *
 * @throws DomainError `bad_request` that names each field and what would be right
 */
export function validated<T>(requestClass: Class<T>, value: unknown): T {
  const request = plainToInstance(requestClass as unknown as new () => object, value ?? {}, {
    exposeDefaultValues: true,
  });
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    throw new DomainError('bad_request', 'The request must be an object');
  }
  const errors = validateSync(request, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  const details = errors.length > 0 ? errors.flatMap((error) => fieldErrors(error, '')) : unstorableTexts(request, '');
  if (details.length === 0) return request as T;
  throw new DomainError('bad_request', details[0]?.message ?? 'The request is malformed', { details });
}

function fieldErrors({ property, constraints, children }: ValidationError, path: string): FieldError[] {
  const field = path ? `${path}.${property}` : property;
  // Decorators run from the bottom up, so the last complaint is that of the first rule as the class is read.
  const complaint = Object.values(constraints ?? {}).at(-1);
  const own = complaint ? [{ field, message: inWords(complaint, property) }] : [];
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, field))];
}

const inWords = (message: string, property: string): string =>
  message === `property ${property} should not exist` ? `${property} is not a known field` : message;

/** Texts with U+0000, which PostgreSQL cannot store, or with half a character, which UTF-8 cannot carry. */
function unstorableTexts(value: unknown, field: string): FieldError[] {
  if (typeof value === 'string') {
    const storable = !value.includes('\0') && !/\p{Surrogate}/u.test(value);
    return storable ? [] : [{ field, message: `${field} contains a character that cannot be stored` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => unstorableTexts(item, field ? `${field}.${key}` : key));
}
