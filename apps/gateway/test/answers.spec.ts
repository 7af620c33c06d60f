import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, identity, royalties, type Statement, type UserReport } from '@countinghouse/contracts';
import { openStorage } from '@countinghouse/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { admin, bearer, member, type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
let asAdmin: { authorization: string };
let asMember: { authorization: string };

beforeAll(async () => {
  gateway = await startGateway({ PUBLIC_URL: 'https://finance.example' });
  asAdmin = await bearer(admin);
  asMember = await bearer(member);
});
afterAll(() => gateway.stop());

const report = (totalRoyalties: string): UserReport => ({
  id: 7289,
  createdAt: '2025-10-30T14:34:32.382Z',
  updatedAt: '2025-11-08T21:45:40.775Z',
  currency: 'EUR',
  distributor: 'KONTOR',
  reportingMonth: '202508',
  totalRoyalties,
  debitState: 'PAID',
  paidOn: '2025-11-08T21:45:40.628Z',
});
const statement = (changes: Partial<Statement>): Statement => ({
  id: 12,
  distributor: 'KONTOR',
  reportingMonth: '202508',
  currency: 'EUR',
  state: 'completed',
  progress: 100,
  lines: { read: 3, accepted: 2, rejected: 0, unmatched: 1 },
  net: '4210.87',
  royalties: '0.0000000001',
  error: null,
  voidedAt: null,
  voidReason: null,
  createdAt: '2025-10-30T14:34:32.382Z',
  completedAt: null,
  ...changes,
});
const reports = '/financial/reports/user-reports/current?distributor=KONTOR';
const get = (url: string, headers: object = asAdmin) => gateway.app.inject({ url, headers: { ...headers } });

describe('exact amounts', () => {
  it.each(['86.4017394675', '0', '-0.0000000001', '12345678901234567890.1234567891', '0.1', '100'])(
    'such as %s are JSON numbers with the very same digits',
    async (amount) => {
      gateway.services.answer(royalties.currentReports, () => [report(amount)]);
      expect((await get(reports, asMember)).body).toBe(JSON.stringify([report('?')]).replace('"?"', amount));
    },
  );

  it('are so in the items of a page too, and null stays null', async () => {
    const items = [statement({}), statement({ net: null as never })];
    gateway.services.answer(royalties.listStatements, () => ({ items, total: 2, page: 1, totalPages: 1 }));
    const { body } = await get('/royalties/statements');
    expect(body).toContain('"net":4210.87,"royalties":0.0000000001');
    expect(body).toContain('"net":null');
  });

  it('are told from text that only looks like one', async () => {
    gateway.services.answer(royalties.unmatchedLabels, () => [{ label: '12.5', lines: 1, net: '12.5' }]);
    expect((await get('/royalties/statements/12/unmatched')).body).toBe('[{"label":"12.5","lines":1,"net":12.5}]');
  });
});

describe('an answer', () => {
  it('is 201 for what was created and 204 where there is nothing to say', async () => {
    gateway.services.answer(identity.createUser, () => ({ id: 'u' }) as never);
    gateway.services.answer(identity.deleteUser, () => null);
    const payload = { email: 'ada@label.example', firstName: 'Ada', lastName: 'Lovelace', roles: ['member'] };
    const created = await gateway.app.inject({ method: 'POST', url: '/user', headers: asAdmin, payload });
    expect(created.statusCode).toBe(201);
    const deleted = await gateway.app.inject({ method: 'DELETE', url: `/user/${member.userId}`, headers: asAdmin });
    expect([deleted.statusCode, deleted.body, deleted.headers['content-type']]).toEqual([204, '', undefined]);
  });

  it('says that it was given before', async () => {
    gateway.services.answer(identity.createUser, () => ({ id: 'u' }) as never);
    gateway.services.replayed = true;
    const payload = { email: 'ada@label.example', firstName: 'Ada', lastName: 'Lovelace', roles: ['member'] };
    const headers = { ...asAdmin, 'idempotency-key': 'k-1' };
    const answer = await gateway.app.inject({ method: 'POST', url: '/user', headers, payload });
    gateway.services.replayed = false;
    expect(answer.headers['idempotency-replayed']).toBe('true');
    expect(gateway.services.last?.call.idempotency).toEqual({
      key: 'k-1',
      route: 'POST /user',
      bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each([
    ['', 400],
    ['k'.repeat(255), 201],
    ['k'.repeat(256), 400],
  ])('takes an idempotency key of 1 to 255 characters', async (key, statusCode) => {
    const payload = { email: 'ada@label.example', firstName: 'Ada', lastName: 'Lovelace', roles: ['member'] };
    const headers = { ...asAdmin, 'idempotency-key': key };
    expect((await gateway.app.inject({ method: 'POST', url: '/user', headers, payload })).statusCode).toBe(statusCode);
  });

  it('echoes a request id that is harmless, and makes one in place of any other', async () => {
    const idOf = async (id: string) => (await get('/health/live', { 'x-request-id': id })).headers['x-request-id'];
    expect(await idOf('order:7.b_c-1')).toBe('order:7.b_c-1');
    for (const id of ['', 'a b', 'a\tb', 'x'.repeat(129), '<script>']) {
      expect(await idOf(id)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  it('begins a trace where the caller has none', async () => {
    gateway.services.answer(identity.listApiClients, () => []);
    for (const traceparent of [undefined, 'nonsense', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`]) {
      await get('/api-clients', { ...asAdmin, ...(traceparent && { traceparent }) });
      expect(gateway.services.last?.call.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$/);
    }
  });

  it('is kept by no cache, framed nowhere and names no software', async () => {
    const { headers } = await get('/health/live', {});
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('a report read', () => {
  it('is not sent again to a caller who has it', async () => {
    gateway.services.answer(royalties.currentReports, () => [report('1')]);
    const first = await get(reports, asMember);
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(reports, { ...asMember, 'if-none-match': known });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
    }
  });

  it('is sent to a caller who has an older one', async () => {
    gateway.services.answer(royalties.currentReports, () => [report('1')]);
    const etag = String((await get(reports, asMember)).headers.etag);
    gateway.services.answer(royalties.currentReports, () => [report('1.1')]);
    const again = await get(reports, { ...asMember, 'if-none-match': etag });
    expect(again.statusCode).toBe(200);
    expect(again.headers.etag).not.toBe(etag);
  });

  it('that is refused has no ETag', async () => {
    gateway.services.answer(royalties.currentReports, () => {
      throw new DomainError('bad_request', 'Distributor parameter is required');
    });
    const answer = await get(reports, { ...asMember, 'if-none-match': '*' });
    expect([answer.statusCode, answer.headers.etag]).toEqual([400, undefined]);
  });
});

describe('a file', () => {
  const sign = async (key: string, now = new Date()) => {
    const { STORAGE_URL, STORAGE_SIGNING_KEY: signingKey, PUBLIC_URL: publicUrl } = gateway.config;
    return (await openStorage(STORAGE_URL, { signingKey, publicUrl })).sign(key, { expiresInSeconds: 3600, now });
  };
  const addressOf = async (key: string, now?: Date) => (await sign(key, now)).replace('https://finance.example', '');

  beforeAll(async () => {
    await mkdir(join(gateway.storageFolder, '1/reports'), { recursive: true });
    await writeFile(join(gateway.storageFolder, '1/reports/7289_labels.csv'), 'Label,Royalties\r\n');
  });

  it('is had at its signed address without a token', async () => {
    const answer = await get(await addressOf('1/reports/7289_labels.csv'), {});
    expect([answer.statusCode, answer.body]).toEqual([200, 'Label,Royalties\r\n']);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-length': '17',
      'content-disposition': 'attachment; filename="7289_labels.csv"',
    });
  });

  it.each([
    ['another file', (address: string) => address.replace('7289', '7290')],
    ['a later end', (address: string) => address.replace(/expires=(\d)/, 'expires=9$1')],
    ['one parameter more', (address: string) => `${address}&x=1`],
    ['another order', (address: string) => address.replace(/\?(.*)&(.*)/, '?$2&$1')],
    ['an escaped character', (address: string) => address.replace('reports', '%72eports')],
    ['no signature', (address: string) => address.replace(/&.*/, '')],
  ])('is 403 at an address that was changed: %s', async (_, change) => {
    const answer = await get(change(await addressOf('1/reports/7289_labels.csv')), {});
    expect(answer.statusCode).toBe(403);
  });

  it('is 403 when the address has expired, and 404 when the file is gone', async () => {
    const expired = await addressOf('1/reports/7289_labels.csv', new Date(Date.now() - 3_600_001));
    expect((await get(expired, {})).statusCode).toBe(403);
    expect((await get(await addressOf('1/reports/gone.csv'), {})).statusCode).toBe(404);
  });

  it('of rejected lines comes under the name that royalties gives it', async () => {
    gateway.services.answer(royalties.rejectedLines, () => ({
      storageKey: '1/reports/7289_labels.csv',
      fileName: 'rejected"12\r\n.csv',
    }));
    const answer = await get('/royalties/statements/12/rejected.csv');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="rejected_12__.csv"');
    expect(answer.body).toBe('Label,Royalties\r\n');
  });
});
