import { DomainError, type ErrorCode, identity, royalties } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { admin, bearer, member, type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
let asAdmin: { authorization: string };
let asMember: { authorization: string };

beforeAll(async () => {
  gateway = await startGateway({ MAX_UPLOAD_BYTES: '1000' });
  asAdmin = await bearer(admin);
  asMember = await bearer(member);
});
afterAll(() => gateway.stop());

const send = (options: InjectOptions) => gateway.app.inject(options);
const json = { 'content-type': 'application/json' };

describe('a refusal', () => {
  it('has one shape, with the id of its request', async () => {
    gateway.services.answer(royalties.downloadOptions, () => {
      throw new DomainError('not_found', 'Report not found');
    });
    const answer = await send({
      url: '/financial/reports/user-reports/download/options/7289',
      headers: { ...asMember, 'x-request-id': 'r-1' },
    });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual({
      statusCode: 404,
      message: 'Report not found',
      error: 'Not Found',
      requestId: 'r-1',
    });
  });

  it('carries the human words of a code, and which fields are wrong', async () => {
    const more = { description: 'In words', details: [{ field: 'name', message: 'is taken' }] };
    gateway.services.answer(identity.getTenant, () => {
      throw new DomainError('conflict', 'a_code', more);
    });
    expect((await send({ url: '/tenant/1', headers: asAdmin })).json()).toMatchObject({ message: 'a_code', ...more });
  });

  it.each<[ErrorCode, number, string]>([
    ['bad_request', 400, 'Bad Request'],
    ['unauthorized', 401, 'Unauthorized'],
    ['forbidden', 403, 'Forbidden'],
    ['not_found', 404, 'Not Found'],
    ['conflict', 409, 'Conflict'],
    ['too_large', 413, 'Payload Too Large'],
    ['unsupported_media_type', 415, 'Unsupported Media Type'],
    ['unprocessable', 422, 'Unprocessable Entity'],
    ['too_many_requests', 429, 'Too Many Requests'],
    ['internal', 500, 'Internal Server Error'],
    ['unavailable', 503, 'Service Unavailable'],
    ['deadline_exceeded', 504, 'Gateway Timeout'],
    ['insufficient_storage', 507, 'Insufficient Storage'],
  ])('of a service is %s and becomes %d', async (code, statusCode, error) => {
    gateway.services.answer(identity.getTenant, () => {
      throw new DomainError(code, 'Why', { retryAfterSeconds: 7 });
    });
    const answer = await send({ url: '/tenant/1', headers: asAdmin });
    expect(answer.json()).toMatchObject({ statusCode, message: 'Why', error });
    expect(answer.headers['retry-after']).toBe([429, 503].includes(statusCode) ? '7' : undefined);
    expect(answer.headers['www-authenticate']).toBe(statusCode === 401 ? 'Bearer' : undefined);
  });

  it('of a defect says nothing of it', async () => {
    gateway.services.answer(identity.getTenant, () => {
      throw new TypeError('SELECT password FROM users');
    });
    const answer = await send({ url: '/tenant/1', headers: asAdmin });
    expect(answer.json()).toMatchObject({ statusCode: 500, message: 'Internal server error' });
    expect(answer.body).not.toContain('SELECT');
  });

  it('of a service that nobody answers for asks to come back', async () => {
    const answer = await send({ url: '/royalties/contracts/1', headers: asAdmin });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'] as const)(
    'of a route that there is not is 404, with %s as with any method',
    async (method) => {
      expect((await send({ method, url: '/nowhere' })).statusCode).toBe(404);
    },
  );

  it('of a method that a path does not have is 404 too', async () => {
    const answer = await send({ method: 'PUT', url: '/user/1?a=b', headers: asAdmin });
    expect(answer.json()).toMatchObject({ statusCode: 404, message: 'There is no PUT /user/1' });
  });

  it.each(['/%ff', '/user/%ff', `/user/${'a'.repeat(200)}`])('of the address %s has the same shape', async (url) => {
    const { statusCode, ...refusal } = (await send({ url, headers: asAdmin })).json<{ statusCode: number }>();
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(statusCode).toBeLessThan(500);
    expect(refusal).toMatchObject({ message: expect.any(String), error: expect.any(String) });
  });
});

describe('of several reasons to refuse', () => {
  // Everything is wrong with these, from the token to the fields; each next one has one thing less wrong.
  const upload = (headers: object, query = 'distributor=&x=1', payload = 'x'.repeat(2000)): InjectOptions => ({
    method: 'POST',
    url: `/royalties/statements?${query}`,
    headers: { ...headers },
    payload,
  });
  const create = (headers: object, payload: string): InjectOptions => ({
    method: 'POST',
    url: '/user?x=1',
    headers: { ...headers },
    payload,
  });
  const text = { 'content-type': 'text/plain' };
  const packed = { 'content-encoding': 'br' };
  const large = `{"email":"${'x'.repeat(1_000_000)}"}`;

  it.each<[string, number, () => InjectOptions]>([
    ['no token before all else', 401, () => upload(packed)],
    ['a role that may not', 403, () => upload({ ...asMember, ...packed })],
    ['an encoding that is not accepted', 415, () => upload({ ...asAdmin, ...packed })],
    ['a file that is too large', 413, () => upload(asAdmin)],
    ['wrong parameters', 400, () => upload(asAdmin, undefined, 'x')],
    ['no token before all else', 401, () => create(text, large)],
    ['a role that may not', 403, () => create({ ...asMember, ...text }, large)],
    ['a kind of body that is not accepted', 415, () => create({ ...asAdmin, ...text }, large)],
    ['a body that is too large', 413, () => create({ ...asAdmin, ...json }, large)],
    ['a query that is not known', 400, () => create({ ...asAdmin, ...json }, 'no JSON')],
  ])('the first counts: %s (%d)', async (_, statusCode, options) => {
    gateway.services.asked.length = 0;
    expect((await send(options())).statusCode).toBe(statusCode);
    expect(gateway.services.asked).toEqual([]);
  });

  it('what the service finds comes last', async () => {
    gateway.services.answer(identity.createUser, () => {
      throw new DomainError('conflict', 'Taken');
    });
    const payload = { email: 'ada@label.example', firstName: 'Ada', lastName: 'Lovelace', roles: ['member'] };
    expect((await send({ method: 'POST', url: '/user', headers: asAdmin, payload })).statusCode).toBe(409);
  });
});

describe('who may', () => {
  it('is the same for everybody without a token that holds', async () => {
    for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic YTpi' }]) {
      const answer = await send({ url: '/user', headers });
      expect(answer.json()).toMatchObject({ statusCode: 401, message: 'Invalid token' });
    }
  });

  it('is what the services hear, with the bounds of the token', async () => {
    const merchant = {
      tenantId: 4,
      clientId: 'shop',
      roles: ['merchant' as const, 'admin' as const],
      clientIds: ['c1'],
    };
    gateway.services.answer(identity.listApiClients, () => []);
    const headers = {
      ...(await bearer(merchant)),
      'x-request-id': 'r-2',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    await send({ url: '/api-clients', headers });
    expect(gateway.services.last?.call).toEqual({
      requestId: 'r-2',
      traceparent: headers.traceparent,
      principal: merchant,
    });
  });

  it('is nobody on a public route, but for the address that failures are counted by', async () => {
    gateway.services.answer(identity.login, () => {
      throw new DomainError('unauthorized', 'Invalid credentials');
    });
    const payload = { email: 'ada@label.example', password: 'wrong' };
    const options = {
      method: 'POST' as const,
      url: '/auth/login',
      headers: asAdmin,
      payload,
      remoteAddress: '2001:db8::7',
    };
    expect((await send(options)).json()).toMatchObject({ statusCode: 401, message: 'Invalid credentials' });
    expect(gateway.services.last?.call).toMatchObject({ address: '2001:db8:0:0::/64' });
    expect(gateway.services.last?.call).not.toHaveProperty('principal');
  });

  it('asks for itself under /auth/me, which a machine cannot', async () => {
    gateway.services.answer(identity.getUser, ({ id }) => ({ id }) as never);
    expect((await send({ url: '/auth/me', headers: asMember })).json()).toEqual({ id: member.userId });
    const machine = await bearer({ tenantId: 1, clientId: 'c1', roles: ['provider'] });
    expect((await send({ url: '/auth/me', headers: machine })).statusCode).toBe(404);
  });
});
