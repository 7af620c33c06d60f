import type { Platform } from '@countinghouse/local';

export default async function teardown(): Promise<void> {
  await (globalThis as { testServers?: Platform }).testServers?.stop();
}
