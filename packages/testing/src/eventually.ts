import { setTimeout as delay } from 'node:timers/promises';

/** Tries until it does not throw any more, for 20 seconds at most: then with its last error. */
export const eventually = async <T>(attempt: () => T | Promise<T>): Promise<T> => {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(20);
    }
  }
};
