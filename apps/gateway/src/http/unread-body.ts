import type { IncomingMessage } from 'node:http';

const patienceMs = 5_000;

/**
 * Lets a caller who was answered before their body was read finish sending it into nothing, for a while. Closing at
 * once would reset the connection, and with it lose the answer that the caller has not read yet.
 */
export function discardRest(message: IncomingMessage): void {
  if (message.complete || message.destroyed) return;
  const timer = setTimeout(() => message.destroy(), patienceMs).unref();
  message.once('close', () => clearTimeout(timer)).once('end', () => clearTimeout(timer));
  message.resume();
}
