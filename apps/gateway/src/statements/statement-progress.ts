import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, errorStatus, type Statement } from '@countinghouse/contracts';

const pollMs = 500;
/** Often enough that no proxy takes the connection for dead. */
const heartbeatMs = 15_000;

const hasEnded = ({ state }: Statement): boolean => ['completed', 'failed', 'voided'].includes(state);

/**
 * Server-sent events about a statement until it ends: one for each change, and comments in between that keep the
 * connection open.
 *
 * @param first the statement as it is now
 * @param ask the statement as it is then
 * @param write the text of a statement, as it is answered elsewhere
 * @param signal ends the events early
 */
export async function* progressEvents(
  first: Statement,
  ask: () => Promise<Statement>,
  write: (statement: Statement) => string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let last = '';
  let silentMs = 0;
  for (let statement = first; !signal.aborted; statement = await ask().catch(unchangedWhileAway(statement))) {
    const text = write(statement);
    if (text !== last) {
      yield `event: ${hasEnded(statement) ? statement.state : 'progress'}\ndata: ${text}\n\n`;
      last = text;
      silentMs = 0;
    } else if (silentMs >= heartbeatMs) {
      yield ': still here\n\n';
      silentMs = 0;
    }
    if (hasEnded(statement)) return;
    await delay(pollMs, undefined, { signal }).catch(() => {});
    silentMs += pollMs;
  }
}

/** A service that is being restarted is no reason to stop watching. */
const unchangedWhileAway =
  (statement: Statement) =>
  (error: unknown): Statement => {
    if (error instanceof DomainError && errorStatus[error.reply.code] > 500) return statement;
    throw error;
  };
