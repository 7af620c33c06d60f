import { connectNats, type NatsConnection } from '@countinghouse/service/process';
import { eventually, type TestNats, testNats } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KvLeases } from './leases.js';
import { RateLimits } from './rate-limits.js';

let nats: TestNats;
let connections: NatsConnection[];

beforeAll(async () => {
  nats = await testNats();
  connections = await Promise.all([1, 2].map((gateway) => connectNats(`gateway ${gateway}`, nats.url)));
});
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await nats.stop();
});

describe('the count in NATS KV', () => {
  it('grants a quota once, to however many gateways ask at the same time', async () => {
    const gateways = connections.map((connection) => new KvLeases(connection));
    const asked = Array.from({ length: 20 }, (_, index) => gateways[index % 2]!.take(1, 'ada', 7, 100));
    const granted = (await Promise.all(asked)).map((lease) => lease.granted);
    expect(granted.reduce((sum, each) => sum + each)).toBe(100);
  });

  it('tells what nobody has taken yet', async () => {
    const leases = new KvLeases(connections[0]!);
    expect(await leases.take(1, 'grace', 60, 100)).toEqual({ granted: 60, untaken: 40 });
    expect(await leases.take(1, 'grace', 60, 100)).toEqual({ granted: 40, untaken: 0 });
    expect(await leases.take(1, 'grace', 60, 100)).toEqual({ granted: 0, untaken: 0 });
    expect(await leases.take(2, 'grace', 60, 100)).toEqual({ granted: 60, untaken: 40 });
  });

  it('is what two gateways hold a limit together by', async () => {
    const gateways = connections.map((connection) => new RateLimits(50, new KvLeases(connection), () => 180_000));
    const quotas = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => gateways[index % 2]!.take('user 1 x')),
    );
    expect(quotas.filter(({ allowed }) => allowed)).toHaveLength(50);
  });

  it('starts afresh with a broker that has forgotten everything', async () => {
    const leases = new KvLeases(connections[0]!);
    await leases.take(1, 'edsger', 100, 100);
    await nats.destroyStore();
    await expect(leases.take(1, 'edsger', 1, 100)).rejects.toThrow();
    await nats.start();
    const lease = await eventually(() => leases.take(1, 'edsger', 1, 100));
    expect(lease).toEqual({ granted: 1, untaken: 99 });
  });
});
