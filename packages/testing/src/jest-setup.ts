import type { Platform } from '@countinghouse/local';
import { serverVariable } from './database.js';
import { startProduct } from './product.js';

/** jest's globalSetup: one PostgreSQL for all spec files of the run. The teardown stops it. */
export default async function setup(): Promise<void> {
  const platform = await startProduct({ services: [] });
  (globalThis as { testServers?: Platform }).testServers = platform;
  process.env[serverVariable] = platform.superuserDatabaseUrl();
}
