import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isMonth } from '@countinghouse/calendar';
import { decimalOf, isDecimal, type DecimalLimits } from '@countinghouse/money';
import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min, ValidateBy, buildMessage } from 'class-validator';
import 'reflect-metadata';

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

/** The names of the exact fields of a reply class. */
export const exactFieldsOf = (replyClass: { prototype: unknown }): readonly string[] =>
  Reflect.getMetadata(exactFields, replyClass.prototype as object) ?? [];

/**
 * An amount in a request: a decimal string, or a JSON number of at most 15 significant digits; handed on as a decimal
 * string. More decimals than the field allows is an error, never a rounding.
 */
export const Amount = (limits: DecimalLimits): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      oneOf: [{ type: 'string' }, { type: 'number' }],
      description: `At most ${limits.decimals} decimals`,
    }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? decimalOf(value) : value)),
    ValidateBy({
      name: 'amount',
      validator: {
        validate: (value) => isDecimal(value, limits),
        defaultMessage: buildMessage(
          (each) =>
            `${each}$property must be a decimal number${rangeOf(limits)} with at most ${limits.decimals} decimals, sent as a string or as a JSON number of at most 15 digits without an exponent`,
        ),
      },
    }),
  );

const rangeOf = ({ min, max }: DecimalLimits) =>
  [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` to ${max}`].join('');

/** A calendar month as `YYYYMM`. */
export const Month = (): PropertyDecorator =>
  ValidateBy({
    name: 'month',
    validator: {
      validate: isMonth,
      defaultMessage: () => '$property must be a month written YYYYMM, such as 202508',
    },
  });

/** Page parameters of our own lists. */
export class Paging {
  /** Page, from 1. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page: number = 1;

  /** Items per page. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  size: number = 20;
}

/** The counts that every list of ours carries; `total` is over the whole filter. */
export class Page {
  total: number;
  page: number;
  totalPages: number;
}

/** An operation that needs to know nothing but who asks. */
export class Nothing {}
