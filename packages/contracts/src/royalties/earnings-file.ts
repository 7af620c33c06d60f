/**
 * The columns of an earnings file, in its order, with their DuckDB types. None is ever NULL; a text that a statement does
 * not give is empty.
 *
 * The file is Parquet. It has one row for each combination of the columns up to `salesMonth` and is in the order of these
 * (texts by code points), so that an owner's rows lie together and are found by the statistics of the row groups. It
 * never changes. Amounts and quantities are exact; a row has a quantity in the one column that fits its usage type.
 */
export const earningsFileColumns = {
  /** User id. */
  owner: 'UUID',
  /** 12 characters. */
  isrc: 'VARCHAR',
  /** UPC or EAN as in the statement, leading zeros kept. */
  upc: 'VARCHAR',
  artist: 'VARCHAR',
  label: 'VARCHAR',
  store: 'VARCHAR',
  /** ISO 3166-1 alpha-2; ZZ where the statement names none. */
  country: 'VARCHAR',
  /** stream, download, physical or other. */
  usageType: 'VARCHAR',
  /** YYYYMM. */
  salesMonth: 'VARCHAR',
  streams: 'DECIMAL(38,0)',
  downloads: 'DECIMAL(38,0)',
  /** Of physical and other sales. */
  units: 'DECIMAL(38,0)',
  /** The owner's royalty. */
  amount: 'DECIMAL(38,10)',
  /** ISO 4217; the same in every row. */
  currency: 'VARCHAR',
} as const;
