export * from './duckdb.js';
export { WorkDir } from './work-dir.js';
export type { DuckDBBlobValue } from '@duckdb/node-api';
