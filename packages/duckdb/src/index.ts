export * from './duckdb.js';
export type { DuckDBBlobValue } from '@duckdb/node-api';
