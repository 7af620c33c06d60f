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

const amountFields = ['quantity', 'net'] as const;

export const fields = [...itemFields, ...saleFields, ...amountFields] as const;
export type Field = (typeof fields)[number];

export const usageTypes = ['stream', 'download', 'physical'] as const;
type UsageType = (typeof usageTypes)[number] | 'other';

/** The name of a column, or all the names it is known by. */
export type ColumnNames = string | readonly string[];

/** Where the text of a field comes from. */
export type FieldOrigin =
  | ColumnNames
  /** The same text for every line. */
  | { readonly constant: string }
  /** The first of several columns that is not blank; of an ISRC or UPC, a later one counts only if it holds such a code. */
  | { readonly firstOf: readonly ColumnNames[] }
  /** One of two columns, by what a third one says. */
  | { readonly when: ColumnNames; readonly is: string; readonly take: ColumnNames; readonly otherwise: ColumnNames }
  /** The first and the last day of a period; its month is that of the day in its middle. */
  | { readonly firstDay: ColumnNames; readonly lastDay: ColumnNames };

/** How statement files are written. The built-in ones are the JSON files beside this one. */
export interface Layout {
  /** Where a file is no table by itself: it is made one, whose columns are the names of the records' cells. */
  records?: 'ddex-sales-report';
  /** Where it cannot be seen in the header. */
  delimiter?: Delimiter;
  /** Where it cannot be seen in the numbers. */
  decimal?: DecimalMark;
  /** How many lines stand before the header. */
  skipLines?: number;
  /** What rows that are not lines begin with, such as totals at the end; they are passed over unless they tell a month. */
  trailers?: readonly string[];
  /**
   * How dates and months are written: `YYYY`, `MM` and `DD` are digits, `M` and `D` one or two of them, all else stands
   * for itself. A time of day may follow a day.
   */
  months: readonly string[];
  /** Where each field comes from. A field that is not named here is empty in every line. */
  columns: { readonly [field in Field]?: FieldOrigin };
  /** ISO 4217, where neither a column nor the upload tells it. */
  defaultCurrency?: string;
  /** Fields whose column may be missing. */
  optional?: readonly Field[];
  /** Further columns of numbers; they too show the decimal mark. */
  alsoNumbers?: readonly string[];
  /** The field that tells the use, where it is not the sales type. */
  usageBy?: (typeof saleFields)[number];
  /** What that field's texts mean, whatever their case. */
  usage: { readonly [usage in (typeof usageTypes)[number]]?: readonly string[] };
  /** What any other text means; `other` where this is not said. */
  usageOtherwise?: UsageType;
}

export interface BuiltInLayout extends Layout {
  /** What an upload calls it; several layouts of one distributor differ in their headers. */
  distributor: string;
  /** Where this was learned, and when it was last compared with a file. */
  source: string;
  checkedOn: string;
}
