import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { isDay, isMonth } from '@countinghouse/calendar';
import { decimalOf, isDecimal, type DecimalLimits } from '@countinghouse/money';
import { Transform } from 'class-transformer';
import { buildMessage, IsISO4217CurrencyCode, Matches, ValidateBy, ValidateIf } from 'class-validator';
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
      oneOf: [
        { type: 'string', pattern: `^-?(0|[1-9]\\d*)(\\.\\d{1,${limits.decimals}})?$` },
        { type: 'number', format: 'decimal' },
      ],
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

/** Yes or no that comes as text, as queries do. */
export const FlagInText = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** ISO 4217, upper case. */
export const Currency = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ pattern: '^[A-Z]{3}$' }),
    IsISO4217CurrencyCode(),
    Matches(/^[A-Z]{3}$/, { message: '$property must be an ISO 4217 code in upper case, such as EUR' }),
  );

/** A calendar day as `YYYY-MM-DD`. */
export const Day = (): PropertyDecorator =>
  ValidateBy({
    name: 'day',
    validator: {
      validate: isDay,
      defaultMessage: () => '$property must be a day written YYYY-MM-DD, such as 2025-08-31',
    },
  });

/** ISO 8601 with an offset, so that it names one instant wherever it is read. */
export const instantPattern =
  /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** A calendar day, or an instant that belongs to one. */
export const DayOrInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'dayOrInstant',
    validator: {
      validate: (value) =>
        isDay(value) || (typeof value === 'string' && instantPattern.test(value) && isDay(value.slice(0, 10))),
      defaultMessage: () => '$property must be a day written YYYY-MM-DD, or an instant such as 2025-08-31T12:00:00Z',
    },
  });

/** A calendar month as `YYYY-MM`. */
export const DashedMonth = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ pattern: '^[1-9]\\d{3}-(0[1-9]|1[0-2])$' }),
    ValidateBy({
      name: 'dashedMonth',
      validator: {
        validate: (value) => typeof value === 'string' && /^\d{4}-\d\d$/.test(value) && isMonth(value.replace('-', '')),
        defaultMessage: () => '$property must be a month written YYYY-MM, such as 2025-08',
      },
    }),
  );

/** A calendar month as `YYYYMM`. */
export const Month = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ pattern: '^[1-9]\\d{3}(0[1-9]|1[0-2])$' }),
    ValidateBy({
      name: 'month',
      validator: {
        validate: isMonth,
        defaultMessage: () => '$property must be a month written YYYYMM, such as 202508',
      },
    }),
  );
