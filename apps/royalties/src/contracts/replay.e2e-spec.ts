import { randomUUID } from 'node:crypto';
import { eventually, openTenant, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

let platform: Platform;

beforeAll(async () => {
  platform = await startProduct();
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

it('answers a repeated request as the first one, although its user is gone since', async () => {
  const { admin, memberId: userId } = await openTenant(platform);
  const create = (match: string) => {
    const contract = { userId, scope: 'label', match, sharePercent: '50' };
    return admin.post('/royalties/contracts', contract, { 'idempotency-key': match });
  };
  const first = await create('Polar Records');
  expect(first.status).toBe(201);
  await admin.delete(`/user/${userId}`);
  await eventually(async () => expect(await create(randomUUID())).toMatchObject({ status: 404 }));

  const repeated = await create('Polar Records');
  expect(repeated).toMatchObject({ status: 201, json: first.json });
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');
}, 60_000);
