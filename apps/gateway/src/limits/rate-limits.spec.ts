import { describe, expect, it } from '@jest/globals';
import type { Leases } from './leases.js';
import { RateLimits } from './rate-limits.js';

/** The shared count, in memory; `away` makes it unreachable. */
class Counts implements Leases {
  readonly taken = new Map<string, number>();
  asked = 0;
  away = false;

  async take(window: number, holder: string, wanted: number, quota: number) {
    this.asked += 1;
    await Promise.resolve();
    if (this.away) throw new Error('not reachable');
    const key = `${window} ${holder}`;
    const taken = this.taken.get(key) ?? 0;
    const granted = Math.max(0, Math.min(wanted, quota - taken));
    this.taken.set(key, taken + granted);
    return { granted, untaken: quota - taken - granted };
  }
}

const minute = 60_000;
const clockAt = (start: number) => {
  const clock = { now: start, read: () => clock.now };
  return clock;
};

const allowedOf = async (limits: RateLimits, holder: string, requests: number): Promise<number> => {
  let allowed = 0;
  for (let request = 0; request < requests; request++) if ((await limits.take(holder)).allowed) allowed += 1;
  return allowed;
};

describe('rate limits', () => {
  it.each([1, 7, 60, 600])('let a holder through exactly %d times a minute', async (perMinute) => {
    const limits = new RateLimits(perMinute, new Counts(), clockAt(0).read);
    expect(await allowedOf(limits, 'ada', perMinute + 50)).toBe(perMinute);
  });

  it('hold also when everything comes at once', async () => {
    const limits = new RateLimits(100, new Counts(), clockAt(0).read);
    const quotas = await Promise.all(Array.from({ length: 300 }, async () => limits.take('ada')));
    expect(quotas.filter(({ allowed }) => allowed)).toHaveLength(100);
  });

  it('count every holder alone', async () => {
    const limits = new RateLimits(10, new Counts(), clockAt(0).read);
    expect(await allowedOf(limits, 'ada', 20)).toBe(10);
    expect(await allowedOf(limits, 'grace', 20)).toBe(10);
  });

  it('hold together over several gateways, which at the end leave nothing unused', async () => {
    const counts = new Counts();
    const gateways = [1, 2, 3].map(() => new RateLimits(600, counts, clockAt(0).read));
    let allowed = 0;
    for (let round = 0; round < 400; round++) {
      for (const limits of gateways) if ((await limits.take('ada')).allowed) allowed += 1;
    }
    expect(allowed).toBe(600);
  });

  it('begin again with the next minute of the clock', async () => {
    const clock = clockAt(minute * 10.5);
    const limits = new RateLimits(10, new Counts(), clock.read);
    expect(await allowedOf(limits, 'ada', 20)).toBe(10);
    clock.now = minute * 11 - 1;
    expect(await allowedOf(limits, 'ada', 20)).toBe(0);
    clock.now = minute * 11;
    expect(await allowedOf(limits, 'ada', 20)).toBe(10);
  });

  it('say the rule, what is left and when it begins again', async () => {
    const limits = new RateLimits(600, new Counts(), clockAt(minute * 3 + 18_500).read);
    expect(await limits.take('ada')).toEqual({
      allowed: true,
      policy: '"default";q=600;w=60',
      state: '"default";r=599;t=42',
      resetSeconds: 42,
    });
  });

  it('wait for nobody while a share lasts, and ask ten times a minute rather than with every request', async () => {
    const counts = new Counts();
    const limits = new RateLimits(600, counts, clockAt(0).read);
    await limits.take('ada');
    expect(limits.take('ada')).not.toBeInstanceOf(Promise);
    await allowedOf(limits, 'ada', 1000);
    expect(counts.asked).toBeLessThanOrEqual(11);
  });

  it('are counted by each gateway alone while the shared count is away, and together again afterwards', async () => {
    const counts = new Counts();
    counts.away = true;
    const clock = clockAt(0);
    const limits = new RateLimits(100, counts, clock.read);
    expect(await allowedOf(limits, 'ada', 150)).toBe(100);
    expect(await allowedOf(limits, 'grace', 150)).toBe(100);
    expect(counts.asked).toBe(1);
    counts.away = false;
    clock.now = 5_000;
    expect(await allowedOf(limits, 'edsger', 150)).toBe(100);
    expect(counts.taken.get('0 edsger')).toBe(100);
  });
});
