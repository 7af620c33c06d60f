import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import 'reflect-metadata';
import type { Class } from './operation.js';

const exactFields = Symbol('exact fields');

/**
 * A reply field that holds an exact amount: a decimal string between processes, and a JSON number with the very same
 * digits in the answer to the caller.
 */
export const Exact = (example = '86.4017394675', options: { nullable?: boolean } = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: 'number', format: 'decimal', example: Number(example), ...options }),
    (target: object, property: string | symbol) => {
      const fields: string[] = Reflect.getMetadata(exactFields, target) ?? [];
      Reflect.defineMetadata(exactFields, [...fields, String(property)], target);
    },
  );

/**
 * The names of the exact fields of a reply class and of the classes nested in it.
 *
 * @throws when one name is exact in one of these classes and not in another: answers are written by field name
 */
export function exactFieldsOf(replyClass: Class<unknown>): ReadonlySet<string> {
  const exact = new Set<string>();
  const inexact = new Map<string, string>();
  for (const { name, prototype, fields } of classesIn(replyClass)) {
    const own: string[] = Reflect.getMetadata(exactFields, prototype) ?? [];
    own.forEach((field) => exact.add(field));
    fields.filter((field) => !own.includes(field)).forEach((field) => inexact.set(field, `${name}.${field}`));
  }
  const mixed = [...exact].find((field) => inexact.has(field));
  if (mixed) throw new Error(`${inexact.get(mixed)} must be marked @Exact: its name is exact elsewhere in the reply`);
  return exact;
}

/** The reply class and what it is made of, as the OpenAPI plugin wrote down when this package was built. */
function classesIn(root: Class<unknown>): { name: string; prototype: object; fields: string[] }[] {
  const seen = new Set<Function>();
  const found: { name: string; prototype: object; fields: string[] }[] = [];
  const visit = (type: unknown): void => {
    if (Array.isArray(type)) return type.forEach(visit);
    if (typeof type !== 'function' || seen.has(type)) return;
    seen.add(type);
    const properties = documentedProperties(type);
    found.push({ name: type.name, prototype: type.prototype as object, fields: Object.keys(properties) });
    Object.values(properties).forEach((property) => visit(property.type?.()));
  };
  visit(root);
  return found;
}

type Documented = Record<string, { type?: () => unknown }>;

function documentedProperties(type: Function | null): Documented {
  if (type === null || type === Function.prototype) return {};
  const own = Object.hasOwn(type, '_OPENAPI_METADATA_FACTORY')
    ? (type as unknown as { _OPENAPI_METADATA_FACTORY(): Documented })._OPENAPI_METADATA_FACTORY()
    : {};
  return { ...documentedProperties(Object.getPrototypeOf(type) as Function | null), ...own };
}
