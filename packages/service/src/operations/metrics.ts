import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** Every metric of this process; labels are bounded (operation names, outcomes), never ids. */
export const metrics = new Registry();

export const operationSeconds = new Histogram({
  name: 'countinghouse_operation_seconds',
  help: 'Time to answer an operation, by its name and outcome (ok or the error code).',
  labelNames: ['operation', 'outcome'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
});

export const collectProcessMetrics = (): void => collectDefaultMetrics({ register: metrics });
