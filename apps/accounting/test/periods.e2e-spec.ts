import { type Answer, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  office = await EntriesOffice.open(platform);
  await office.earn('50');
}, 90_000);

afterAll(() => platform?.stop(), 30_000);

const close = (month: string) => office.admin.post(`/accounting/periods/${month}/close`, {});
const reopen = (month: string) => office.admin.post(`/accounting/periods/${month}/reopen`, {});
const record = (path: string, transactionDate: string): Promise<Answer> =>
  office.admin.post(path, {
    amount: '1',
    transactionDate,
    ...(path === '/payment' ? { userId: office.tenant.memberId, advance: true } : { title: 'x' }),
    ...(path === '/expense' && { type: 'general', recoupable: true, userId: office.tenant.memberId }),
  });

describe('a closed month', () => {
  it('is closed and reopened once, in any order', async () => {
    expect(await close('2024-06')).toMatchObject({
      status: 200,
      json: { month: '2024-06', state: 'closed', closedAt: expect.stringMatching(/Z$/) },
    });
    await office.refused(close('2024-06'), 409, '2024-06 is closed already');
    expect(await close('2024-04')).toMatchObject({ status: 200 });
    expect(await reopen('2024-06')).toMatchObject({
      status: 200,
      json: { month: '2024-06', state: 'open', closedAt: null },
    });
    await office.refused(reopen('2024-06'), 409, '2024-06 is open');
    expect(await reopen('2024-04')).toMatchObject({ status: 200 });
  });

  it.each(['/payment', '/revenue', '/expense'])('takes no %s dated in it, and all others', async (path) => {
    await close('2024-06');
    for (const day of ['2024-06-01', '2024-06-30', '2024-06-30T23:59:59Z'])
      await office.refused(record(path, day), 422, 'The month 2024-06 is closed');
    for (const day of ['2024-05-31', '2024-07-01', '2024-07-01T00:00:00Z'])
      expect(await record(path, day)).toMatchObject({ status: 201 });
    await reopen('2024-06');
    expect(await record(path, '2024-06-30')).toMatchObject({ status: 201 });
  });

  it.each(['payment', 'expense'])('has the void of a %s on the first open day after it', async (type) => {
    const { id } = (await record(`/${type}`, '2023-01-15')).json as { id: number };
    for (const month of ['2023-01', '2023-02']) expect(await close(month)).toMatchObject({ status: 200 });
    expect(await office.admin.post(`/${type}/${id}/void`, { reason: 'x' })).toMatchObject({ status: 200 });
    const changes = await office.ledger(undefined, '?from=2023-01-01&to=2023-03-31');
    expect(changes.filter(({ kind }) => kind === type)).toMatchObject([
      { date: '2023-01-15', occurredOn: '2023-01-15', kind: type, amount: -1 },
      { date: '2023-03-01', occurredOn: '2023-01-15', kind: type, amount: 1 },
    ]);
    const { json } = await office.admin.get('/accounting/transactions/monthly?start=2023-01-01&stop=2023-03-31');
    expect(json).toMatchObject(
      ['2023-01-01', '2023-02-01', '2023-03-01'].map((month) => ({ month, transactions: { [type]: 0, net: 0 } })),
    );
    for (const month of ['2023-01', '2023-02']) await reopen(month);
  });

  it('does not stop the approval of a request: its payment comes on the first open day', async () => {
    const today = new Date().toISOString();
    const [year, month] = today.split('-').map(Number) as [number, number];
    const next = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
    const { json } = await office.tenant.member.post('/payment-request', { amount: '2' });
    const { id } = json as { id: number };
    expect(await close(today.slice(0, 7))).toMatchObject({ status: 200 });
    expect(await office.admin.post(`/payment-request/${id}/approve`, {})).toMatchObject({ status: 200 });
    expect((await office.admin.get('/payment?size=1')).json).toMatchObject({
      items: [{ transactionDate: next, amount: 2, paymentRequestId: id }],
    });
    await reopen(today.slice(0, 7));
  });

  it('is closed after all that was being booked in it', async () => {
    const booked = Array.from({ length: 12 }, () => record('/revenue', '2021-05-05'));
    const closed = close('2021-05');
    const statuses = (await Promise.all(booked)).map(({ status }) => status);
    expect((await closed).status).toBe(200);
    expect(statuses.every((status) => status === 201 || status === 422)).toBe(true);
    const { json } = await office.admin.get('/accounting/transactions?start=2021-05-01&end=2021-05-31');
    expect(json).toMatchObject({ totalItem: statuses.filter((status) => status === 201).length });
    await office.refused(record('/revenue', '2021-05-05'), 422, 'closed');
  });

  it.each(['2024-13', '2024-6', '202406', '0999-01', 'may'])('is no %s', async (month) => {
    await office.refused(close(month), 400, 'month');
    await office.refused(reopen(month), 400, 'month');
  });

  it('is the tenant’s own, and its admins’ business', async () => {
    const other = await EntriesOffice.open(platform);
    await close('2020-01');
    expect(
      await other.admin.post('/revenue', { amount: '1', title: 'x', transactionDate: '2020-01-31' }),
    ).toMatchObject({
      status: 201,
    });
    expect(await office.tenant.member.post('/accounting/periods/2020-01/reopen', {})).toMatchObject({ status: 403 });
  });
});

describe('earnings', () => {
  it('are dated the first open day, and keep the day they occurred on', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const [year, month] = today.split('-').map(Number) as [number, number];
    const next = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
    await close(today.slice(0, 7));
    await office.earn('5');
    const [last] = (await office.ledger()).filter(({ kind }) => kind === 'earnings').slice(-1);
    expect(last).toMatchObject({ date: next, occurredOn: today, amount: 5 });
    await reopen(today.slice(0, 7));
  });
});
