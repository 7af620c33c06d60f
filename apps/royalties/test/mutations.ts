import * as fc from 'fast-check';

/** A change to the bytes of a file, at a place from 0 to 1. */
export type Mutation = (bytes: Buffer) => Buffer;

const at = (bytes: Buffer, place: number): number => Math.floor(place * bytes.length);

const inserted = (bytes: Buffer, place: number, more: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at(bytes, place)), more, bytes.subarray(at(bytes, place))]);

/** At the beginning of a cell. */
function insertedInCell(bytes: Buffer, where: number, more: Buffer): Buffer {
  const delimiter = bytes
    .subarray(at(bytes, where))
    .findIndex((byte) => byte === 0x3b || byte === 0x2c || byte === 0x09);
  const start = at(bytes, where) + delimiter + 1;
  return Buffer.concat([bytes.subarray(0, start), more, bytes.subarray(start)]);
}

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** What does harm in the middle of a file. */
const hostile = [
  '"',
  '""',
  ';',
  ',',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\uFEFF',
  '\\',
  "'",
  '&#0;',
  '&amp',
  '–',
  ' – ',
  '\u2028',
  '\u00A0',
  '9'.repeat(400),
  '1e999',
  '-',
  '0,0,0',
  '1.234.567,8',
  '٣',
  'NaN',
  '(1',
  '�',
  '=1+1',
  '"\n"',
  'Total_',
  'é',
];

const bytesOfAnyKind = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes));

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.constantFrom(...hostile)).map(
    ([where, what]): Mutation =>
      (bytes) =>
        inserted(bytes, where, Buffer.from(what)),
  ),
  fc.tuple(place, fc.constantFrom(...hostile)).map(
    ([where, what]): Mutation =>
      (bytes) =>
        insertedInCell(bytes, where, Buffer.from(what)),
  ),
  fc.tuple(place, bytesOfAnyKind).map(
    ([where, what]): Mutation =>
      (bytes) =>
        inserted(bytes, where, what),
  ),
  fc.tuple(place, fc.nat({ max: 7 })).map(
    ([where, bit]): Mutation =>
      (bytes) => {
        const flipped = Buffer.from(bytes);
        if (flipped.length > 0) flipped[at(bytes, where)]! ^= 1 << bit;
        return flipped;
      },
  ),
  place.map(
    (end): Mutation =>
      (bytes) =>
        bytes.subarray(0, at(bytes, end)),
  ),
  place.map(
    (start): Mutation =>
      (bytes) =>
        bytes.subarray(at(bytes, start)),
  ),
  fc.tuple(place, place).map(
    ([one, other]): Mutation =>
      (bytes) => {
        const [start, end] = [at(bytes, Math.min(one, other)), at(bytes, Math.max(one, other))];
        return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
      },
  ),
  fc.tuple(place, place).map(
    ([one, other]): Mutation =>
      (bytes) => {
        const [start, end] = [at(bytes, Math.min(one, other)), at(bytes, Math.max(one, other))];
        return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
      },
  ),
);
