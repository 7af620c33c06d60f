import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, type PlatformOptions, startPlatform } from '@countinghouse/local';

/**
 * The product itself in a temporary home on free ports: the built apps (or just those of `services`; none is PostgreSQL
 * and NATS alone). `stop` leaves no process and no file behind.
 */
export const startProduct = async (options: Partial<PlatformOptions> = {}): Promise<Platform> => {
  const home = await mkdtemp(join(tmpdir(), 'countinghouse-test-'));
  const remove = () => rm(home, { recursive: true, force: true });
  try {
    const platform = await startPlatform({ home, port: 0, durable: false, quiet: true, ...options });
    const stop = () => platform.stop().then(remove);
    return { ...platform, stop };
  } catch (error) {
    await remove();
    throw error;
  }
};
