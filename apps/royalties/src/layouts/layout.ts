import type { DecimalMark, Delimiter } from '@countinghouse/tabular';

/** What a line says of the recording that was sold. */
export const itemFields = ['label', 'artist', 'releaseTitle', 'trackTitle', 'upc', 'isrc', 'catalogNumber'] as const;

/** What a line says of the sale: when, where, how and in which currency. */
export const saleFields = [
  'salesMonth',
  'reportingMonth',
  'store',
  'channelType',
  'country',
  'salesType',
  'subscriptionType',
  'currency',
] as const;

export const amountFields = ['quantity', 'net'] as const;

export const fields = [...itemFields, ...saleFields, ...amountFields] as const;
export type Field = (typeof fields)[number];

export const usageTypes = ['stream', 'download', 'physical'] as const;
export type UsageType = (typeof usageTypes)[number] | 'other';

/** The name of a column, or all the names it is known by. */
export type ColumnNames = string | readonly string[];

/** How a distributor writes its statement files. The built-in ones are the JSON files beside this one. */
export interface Layout {
  /** What an upload calls it; several layouts of one distributor differ in their headers. */
  distributor: string;
  /** Where this was learned, and when it was last compared with a file. */
  source: string;
  checkedOn: string;
  /** Where it cannot be seen in the header. */
  delimiter?: Delimiter;
  /** Where it cannot be seen in the numbers. */
  decimal?: DecimalMark;
  /** How dates and months are written: `YYYY`, `MM` and `DD` are digits, all else stands for itself. */
  months: readonly string[];
  /** Where each field comes from. A field that is not named here is empty in every line. */
  columns: { readonly [field in Field]?: ColumnNames | { readonly constant: string } };
  /** Fields whose column may be missing. */
  optional?: readonly Field[];
  /** Further columns of numbers; they too show the decimal mark. */
  alsoNumbers?: readonly string[];
  /** What the sales types mean, whatever their case; any other is `other`. */
  usage: { readonly [usage in (typeof usageTypes)[number]]?: readonly string[] };
}
