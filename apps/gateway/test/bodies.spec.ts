import { identity, royalties } from '@countinghouse/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, bearer, type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
let headers: Record<string, string>;

beforeAll(async () => {
  gateway = await startGateway();
  headers = { ...(await bearer(admin)), 'content-type': 'application/json' };
  gateway.services.answer(identity.createUser, () => ({}) as never);
  gateway.services.answer(identity.updateUser, () => ({}) as never);
  gateway.services.answer(identity.updateTenant, () => ({}) as never);
  gateway.services.answer(royalties.createContract, () => ({}) as never);
  gateway.services.answer(royalties.listStatements, () => ({}) as never);
});
beforeEach(() => {
  gateway.services.asked.length = 0;
});
afterAll(() => gateway.stop());

const userId = '0e0c2a44-4f0a-4b6b-8f43-0c55e7f4a222';
const post = (url: string, payload: string | Buffer) => gateway.app.inject({ method: 'POST', url, headers, payload });
const patch = (url: string, payload: string) => gateway.app.inject({ method: 'PATCH', url, headers, payload });
const get = (url: string) => gateway.app.inject({ url, headers: { authorization: headers.authorization! } });

describe('a body', () => {
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'must be a JSON object'],
    ['a list', '[]', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['text', '"x"', 'must be a JSON object'],
    ['half an object', '{"email":', 'is not the JSON that is expected'],
    ['Latin-1', Buffer.from('{"email":"\xe9"}', 'latin1'), 'must be UTF-8'],
    ['a hundred kilobytes of brackets', '['.repeat(100_000), 'nested deeper'],
    ['brackets in a field', `{"email":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'nested deeper'],
    ['a key that reaches for the prototype', '{"__proto__":{"roles":["admin"]}}', 'is not allowed'],
  ])('of %s is refused', async (_, payload, complaint) => {
    const answer = await post('/user', payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ message: string }>().message).toContain(complaint);
    expect(gateway.services.asked).toEqual([]);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/vnd.example+json',
  ])('may be called %s', async (type) => {
    const answer = await gateway.app.inject({
      method: 'POST',
      url: '/user',
      headers: { ...headers, 'content-type': type },
      payload: '{}',
    });
    expect(answer.statusCode).toBe(400);
  });

  it.each([
    'text/json',
    'application/json; charset=latin1',
    'application/jsonx',
    'multipart/form-data; boundary=x',
    '',
  ])('may not be called %p', async (type) => {
    const answer = await gateway.app.inject({
      method: 'POST',
      url: '/user',
      headers: { ...headers, 'content-type': type },
      payload: '{}',
    });
    expect(answer.statusCode).toBe(415);
  });

  it('may come in pieces that cut a character', async () => {
    const payload = Buffer.from(
      JSON.stringify({ email: 'a@b.example', firstName: 'Ä', lastName: 'Ö', roles: ['member'] }),
    );
    const { url } = await listening();
    const body = new ReadableStream({
      async start(stream) {
        for (const byte of payload) stream.enqueue(Uint8Array.of(byte));
        stream.close();
      },
    });
    const answer = await fetch(`${url}/user`, { method: 'POST', headers, body, duplex: 'half' });
    expect(answer.status).toBe(201);
    expect(gateway.services.last?.request).toMatchObject({ firstName: 'Ä', lastName: 'Ö' });
  });

  it('that turns out too large is refused while it comes', async () => {
    const { url } = await listening();
    const body = new ReadableStream({
      pull: (stream) => stream.enqueue(Buffer.alloc(100_000, ' ')),
    });
    const answer = await fetch(`${url}/user`, { method: 'POST', headers, body, duplex: 'half' });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ statusCode: 413 });
  });
});

describe('the fields of a request', () => {
  it('that are not known are refused by name, in a body, a path and a query', async () => {
    const inBody = await post('/user', JSON.stringify({ isAdmin: true }));
    expect(inBody.json()).toMatchObject({
      details: expect.arrayContaining([{ field: 'isAdmin', message: 'isAdmin is not a known field' }]),
    });
    const elsewhere = await patch(`/user/${userId}`, JSON.stringify({ id: userId }));
    expect(elsewhere.json()).toMatchObject({ statusCode: 400, details: [{ field: 'id' }] });
    const inQuery = await get('/royalties/statements?limit=5');
    expect(inQuery.json()).toMatchObject({ statusCode: 400, details: [{ field: 'limit' }] });
    const whereNoneIsTaken = await get('/api-clients?limit=5&x');
    expect(whereNoneIsTaken.json()).toMatchObject({ statusCode: 400, details: [{ field: 'limit' }, { field: 'x' }] });
    expect(gateway.services.asked).toEqual([]);
  });

  it('that are wrong are all named', async () => {
    const answer = await post('/user', JSON.stringify({ email: 'x', firstName: '', lastName: 'L', roles: ['root'] }));
    const details = answer.json<{ details: { field: string }[] }>().details.map(({ field }) => field);
    expect(details.sort()).toEqual(['email', 'firstName', 'roles']);
  });

  it('that a caller may not set cannot be set', async () => {
    const tenantId = await post(
      '/user',
      JSON.stringify({ email: 'a@b.example', firstName: 'A', lastName: 'B', roles: ['member'], tenantId: 9 }),
    );
    expect(tenantId.statusCode).toBe(400);
    const platformAdmin = await post(
      '/user',
      JSON.stringify({ email: 'a@b.example', firstName: 'A', lastName: 'B', roles: ['platform_admin'] }),
    );
    expect(platformAdmin.statusCode).toBe(400);
  });

  it('come from the path and the body together', async () => {
    await patch(`/user/${userId}`, '{"firstName":"Grace"}');
    expect(gateway.services.last?.request).toEqual({ id: userId, firstName: 'Grace' });
  });

  it('of a list have their defaults', async () => {
    await get('/royalties/statements?page=3');
    expect(gateway.services.last?.request).toEqual({ page: 3, size: 20 });
  });

  it.each(['0', '-1', '1.5', '0x1', '1e1', '', 'x', '1&page=2', '9'.repeat(20)])(
    'are refused as page=%s',
    async (page) => {
      expect((await get(`/royalties/statements?page=${page}`)).statusCode).toBe(400);
    },
  );
});

describe('an amount in a request', () => {
  const contract = (sharePercent: string) =>
    `{"userId":"${userId}","scope":"label","match":"Polar Records","sharePercent":${sharePercent}}`;

  it.each([
    ['12.5', '12.5'],
    ['"12.5"', '12.5'],
    ['100', '100'],
    ['0.0001', '0.0001'],
    ['12.50', '12.5'],
    ['"12.50"', '12.50'],
  ])('sent as %s reaches the service as the decimal string %s', async (sent, received) => {
    expect((await post('/royalties/contracts', contract(sent))).statusCode).toBe(201);
    expect(gateway.services.last?.request).toMatchObject({ sharePercent: received });
  });

  it.each([
    '1e1',
    '1E-3',
    '12.34567',
    '"12.34567"',
    '12.3456789012345678',
    'NaN',
    '"NaN"',
    '"+1"',
    '".5"',
    '""',
    'null',
    'true',
    '-1',
    '100.1',
    '"1e1"',
    '[1]',
    '{}',
  ])('sent as %s is refused, never rounded', async (sent) => {
    const answer = await post('/royalties/contracts', contract(sent));
    expect(answer.statusCode).toBe(400);
    if (sent !== 'NaN') expect(answer.json()).toMatchObject({ details: [{ field: 'sharePercent' }] });
    expect(gateway.services.asked).toEqual([]);
  });
});

let address: Promise<{ url: string }> | undefined;
const listening = () =>
  (address ??= gateway.app.listen(0, '127.0.0.1').then(async () => ({ url: await gateway.app.getUrl() })));
