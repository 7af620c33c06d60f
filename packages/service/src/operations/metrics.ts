import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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

/** A gauge that is read whenever it is asked for, and shows nothing while it cannot be read. */
export const gaugeRead = <Label extends string>(
  options: { name: string; help: string; labelNames: readonly Label[] },
  read: () => Promise<{ labels: Record<Label, string>; value: number }[]>,
): void => {
  metrics.removeSingleMetric(options.name); // of an application that this process had before
  const gauge: Gauge<Label> = new Gauge({
    ...options,
    registers: [],
    async collect() {
      const values = await read().catch(() => []);
      gauge.reset();
      for (const { labels, value } of values) gauge.set(labels, value);
    },
  });
  metrics.registerMetric(gauge);
};

export const collectProcessMetrics = (): void => collectDefaultMetrics({ register: metrics });
