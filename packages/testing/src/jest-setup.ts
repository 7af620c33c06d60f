import { startTestPostgres, type TestPostgres } from './postgres.js';

const running = globalThis as { testPostgres?: TestPostgres };

/** jest's globalSetup: one PostgreSQL for all spec files of the run. Returns nothing; jest calls `teardown` at the end. */
export default async function setup(): Promise<void> {
  running.testPostgres = await startTestPostgres();
  process.env.COUNTINGHOUSE_TEST_POSTGRES = running.testPostgres.url;
}
