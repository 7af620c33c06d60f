/** What every process has, with or without a database; the gateway needs no more and loads no more. */
export * from './bootstrap/process-lifetime.js';
export * from './bootstrap/serve.js';
export * from './bus/index.js';
export * from './config/environment.js';
export { type Logger, logContext, logger, nestLogger, startLogging } from './logging/logger.js';
export * from './operations/health.js';
export * from './operations/metrics.js';
export * from './operations/operations-server.js';
