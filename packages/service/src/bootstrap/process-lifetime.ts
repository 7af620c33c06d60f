import { logger } from '../logging/logger.js';

/**
 * Runs `stop` once when the process is asked to end, by a signal or because the launcher that started it is gone, and
 * ends the process when it is done or takes too long.
 */
export function stopWhenAsked(stop: () => Promise<void>, graceMs = 30_000): void {
  let stopping = false;
  const end = (why: string) => {
    if (stopping) return;
    stopping = true;
    logger().info({ why }, 'stopping');
    setTimeout(() => process.exit(1), graceMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger().error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  if (process.send) process.once('disconnect', () => end('the launcher is gone'));
}

/** Two lines for a person; the stack only at debug. */
export function failToStart(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  logger().fatal(logger().isLevelEnabled('debug') ? { err: error } : {}, `cannot start: ${message}`);
  process.stderr.write(`cannot start: ${message}\n`);
  process.exit(1);
}
