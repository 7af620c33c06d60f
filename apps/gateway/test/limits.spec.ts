import { identity, royalties } from '@countinghouse/contracts';
import { eventually } from '@countinghouse/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { admin, bearer, member, type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
afterEach(() => gateway.stop());

const get = (url: string, headers: object = {}, remoteAddress = '192.0.2.1') =>
  gateway.app.inject({ url, headers: { ...headers }, remoteAddress });
const statusesOf = async (count: number, ask: () => ReturnType<typeof get>) => {
  const statuses: number[] = [];
  for (let request = 0; request < count; request++) statuses.push((await ask()).statusCode);
  return statuses;
};

describe('a caller who asks too often', () => {
  it('is refused until the minute is over, and told so with every answer', async () => {
    gateway = await startGateway({ RATE_LIMIT_PER_MINUTE: '5' });
    gateway.services.answer(identity.listApiClients, () => []);
    const headers = await bearer(admin);
    const first = await get('/api-clients', headers);
    expect(first.headers['ratelimit-policy']).toBe('"default";q=5;w=60');
    expect(first.headers.ratelimit).toMatch(/^"default";r=4;t=([1-9]|[1-5]\d|60)$/);
    expect(await statusesOf(4, () => get('/api-clients', headers))).toEqual([200, 200, 200, 200]);
    const refused = await get('/api-clients', headers);
    expect(refused.json()).toMatchObject({
      statusCode: 429,
      message: 'Too many requests, try again later',
      error: 'Too Many Requests',
    });
    expect(refused.headers.ratelimit).toMatch(/^"default";r=0;t=/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(gateway.services.asked).toHaveLength(5);
  });

  it('has one quota for all of their tokens, and others have their own', async () => {
    gateway = await startGateway({ RATE_LIMIT_PER_MINUTE: '2' });
    gateway.services.answer(royalties.currentReports, () => []);
    const url = '/financial/reports/user-reports/current?distributor=KONTOR';
    const [one, another, others] = [await bearer(member), await bearer(member), await bearer(admin)];
    const answers = [await get(url, one), await get(url, another), await get(url, one), await get(url, others)];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429, 200]);
  });

  it('is known by their address where there is no token, also when they try tokens', async () => {
    gateway = await startGateway({ RATE_LIMIT_PER_MINUTE: '3' });
    const forged = { authorization: 'Bearer a.b.c' };
    const statuses = [
      await get('/health/live'),
      await get('/user', forged),
      await get('/nowhere'),
      await get('/user', forged),
      await get('/health/live'),
      await get('/health/live', {}, '192.0.2.2'),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([200, 401, 404, 429, 429, 200]);
  });
});

describe('a gateway with too much under way', () => {
  it('refuses at once what is beyond its limit, and takes it again afterwards', async () => {
    gateway = await startGateway({ MAX_IN_FLIGHT: '2' });
    const { promise, resolve } = Promise.withResolvers<never[]>();
    gateway.services.answer(identity.listApiClients, () => promise);
    const headers = await bearer(admin);
    await gateway.app.listen(0, '127.0.0.1');
    const url = `${await gateway.app.getUrl()}/api-clients`;
    const waiting = [fetch(url, { headers }), fetch(url, { headers })];
    await eventually(() => expect(gateway.services.asked).toHaveLength(2));
    const refused = await fetch(url, { headers });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    resolve([]);
    for (const answer of await Promise.all(waiting)) expect(answer.status).toBe(200);
    await eventually(async () => expect((await fetch(url, { headers })).status).toBe(200));
  });

  it('counts a caller who has gone away as gone, and is alive all the while', async () => {
    gateway = await startGateway({ MAX_IN_FLIGHT: '1' });
    gateway.services.answer(identity.listApiClients, () => new Promise(() => {}));
    const headers = await bearer(admin);
    await gateway.app.listen(0, '127.0.0.1');
    const url = await gateway.app.getUrl();
    const caller = new AbortController();
    const left = fetch(`${url}/api-clients`, { headers, signal: caller.signal }).catch(() => 'gone');
    await eventually(() => expect(gateway.services.asked).toHaveLength(1));
    expect((await fetch(`${url}/user`)).status).toBe(503);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    caller.abort();
    expect(await left).toBe('gone');
    await eventually(async () => expect((await fetch(`${url}/user`)).status).toBe(401));
  });
});

describe('a gateway that stops', () => {
  it('answers what is under way, and then is gone without waiting for idle connections', async () => {
    gateway = await startGateway();
    const { promise, resolve } = Promise.withResolvers<never[]>();
    gateway.services.answer(identity.listApiClients, () => promise);
    const headers = await bearer(admin);
    await gateway.app.listen(0, '127.0.0.1');
    const url = await gateway.app.getUrl();
    const underWay = fetch(`${url}/api-clients`, { headers });
    await eventually(() => expect(gateway.services.asked).toHaveLength(1));
    const stopped = gateway.app.close();
    await eventually(() => expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed'));
    resolve([]);
    expect((await underWay).status).toBe(200);
    await stopped;
  });
});
