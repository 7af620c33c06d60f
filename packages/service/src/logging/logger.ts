import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** What every line written while answering a question carries. */
interface LogContext {
  requestId: string;
  traceparent?: string;
}

export const logContext = new AsyncLocalStorage<LogContext>();

let processLogger: Logger = pino({ level: 'silent' });

/** The process's logger; silent until {@link startLogging}, so that pure tests print nothing. */
export const logger = (): Logger => processLogger;

/** JSON lines on standard output, with the request and trace ids of the question being answered. */
export function startLogging(service: string, level: string): Logger {
  processLogger = pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => logContext.getStore() ?? {},
    redact: { paths: ['password', '*.password', 'authorization', '*.authorization', '*.client_secret'], remove: true },
  });
  return processLogger;
}

/** Nest's own messages: its start-up chatter only at debug. */
export const nestLogger: LoggerService = {
  log: (message: unknown, ...more: unknown[]) => processLogger.debug({ context: more.at(-1) }, String(message)),
  debug: (message: unknown, ...more: unknown[]) => processLogger.debug({ context: more.at(-1) }, String(message)),
  verbose: (message: unknown, ...more: unknown[]) => processLogger.trace({ context: more.at(-1) }, String(message)),
  warn: (message: unknown, ...more: unknown[]) => processLogger.warn({ context: more.at(-1) }, String(message)),
  error: (message: unknown, ...more: unknown[]) =>
    processLogger.error(message instanceof Error ? { err: message } : { context: more.at(-1) }, String(message)),
  fatal: (message: unknown, ...more: unknown[]) => processLogger.fatal({ context: more.at(-1) }, String(message)),
};
