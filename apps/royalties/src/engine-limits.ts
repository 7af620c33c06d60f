import type { EngineLimits } from '@countinghouse/duckdb';
import { config } from './config.js';

/** What one piece of work may take of this process. */
export const engineLimits: EngineLimits = {
  memoryMiB: Math.floor(config.ENGINE_MEMORY_MB / config.STATEMENT_WORKERS),
  lastResortMiB: config.ENGINE_MEMORY_MB,
  threads: config.ENGINE_THREADS,
};
