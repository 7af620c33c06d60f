import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isMonth } from '@countinghouse/calendar';
import { decimalOf, isDecimal, type DecimalLimits } from '@countinghouse/money';
import { Transform } from 'class-transformer';
import { buildMessage, ValidateBy, ValidateIf } from 'class-validator';
import 'reflect-metadata';

/** The largest id that a JSON number holds exactly. */
export const maxId = Number.MAX_SAFE_INTEGER;

/** May be left out; unlike with `IsOptional`, `null` is refused. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

/** A whole number that may come as text, as paths and queries do: digits only, neither `0x10` nor `1e3` nor nothing. */
export const NumberInText = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value,
  );

/**
 * An amount in a request: a decimal string, or a JSON number of at most 15 significant digits; handed on as a decimal
 * string. More decimals than the field allows is an error, never a rounding.
 */
export const Amount = (limits: DecimalLimits): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      oneOf: [{ type: 'string' }, { type: 'number', format: 'decimal' }],
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
