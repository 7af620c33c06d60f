import { types, type CustomTypesConfig } from 'pg';

/**
 * How PostgreSQL's text becomes JavaScript on our connections, beyond pg's defaults: `numeric` stays a string (pg's
 * default), `bigint` (ids, counts) is a number and refused beyond 2^53, a `date` stays `YYYY-MM-DD` instead of becoming
 * an instant in the machine's time zone.
 */
export const pgTypes: CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === types.builtins.INT8) return exactInteger;
    if (oid === types.builtins.DATE) return String;
    return types.getTypeParser(oid, format);
  },
};

const exactInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for an integer; select it as numeric`);
  return value;
};
