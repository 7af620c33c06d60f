import { randomUUID } from 'node:crypto';
import { type Answer, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;
let mia: string;
let bob: string;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  office = await EntriesOffice.open(platform);
  mia = office.tenant.memberId;
  bob = (await openMember(platform.url, office.admin, { firstName: 'Bob' })).id;
  await office.earn('100');
}, 90_000);

afterAll(() => platform?.stop(), 30_000);

const on = { transactionDate: '2025-09-01' };
const revenue = (more: object = {}, headers = {}) =>
  office.admin.post('/revenue', { amount: '10', title: 'Merch', ...on, ...more }, headers);
const expense = (more: object = {}) =>
  office.admin.post('/expense', { amount: '10', title: 'Studio', type: 'artist', recoupable: false, ...on, ...more });
const idOf = ({ status, json }: Answer): number => {
  expect([status, json]).toEqual([201, expect.anything()]);
  return (json as { id: number }).id;
};
const voidEntry = (type: string, id: number) => office.admin.post(`/${type}/${id}/void`, { reason: 'Not ours' });
const summary = async () =>
  ((await office.admin.get('/accounting/transactions/summary')).json as { summary: object }).summary;

describe('POST /revenue and its void', () => {
  it('adds to what came in, and takes it out again', async () => {
    const before = await summary();
    const answer = await revenue({ amount: '10.0150', memo: 'Shop' });
    const id = idOf(answer);
    expect(answer.json).toEqual({
      id,
      amount: 10.015,
      currency: 'EUR',
      transactionDate: '2025-09-01',
      title: 'Merch',
      memo: 'Shop',
      status: 'booked',
      voidReason: null,
      source: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await summary()).not.toEqual(before);
    expect(await voidEntry('revenue', id)).toMatchObject({
      status: 200,
      json: { status: 'voided', voidReason: 'Not ours' },
    });
    expect(await summary()).toEqual(before);
    await office.refused(voidEntry('revenue', id), 409, `The revenue ${id} is voided already`);
    await office.refused(voidEntry('expense', id), 404, 'Expense not found');
    expect((await office.admin.get('/accounting/transactions?type=revenue&size=1')).json).toMatchObject({
      transaction: [{ id, amount: 10.02, status: 'voided', memo: 'Shop', TenantUser: null }],
    });
  });

  it('is exact however large or small an amount is', async () => {
    for (const amount of ['123456789012345678901234567890.0123456789', '0.0000000001']) {
      const { text, json } = await revenue({ amount });
      expect(text).toContain(`"amount":${amount},`);
      await voidEntry('revenue', (json as { id: number }).id);
    }
  });
});

describe('POST /expense', () => {
  it('is nobody’s unless it is recoupable', async () => {
    const before = await office.stats();
    const answer = await expense({ userId: mia });
    expect(answer.json).toMatchObject({ type: 'artist', recoupable: false, shares: [{ userId: mia, share: 100 }] });
    expect(await office.stats()).toEqual(before);
    expect((await office.admin.get(`/accounting/transactions?userId=${mia}&type=expense`)).json).toMatchObject({
      transaction: [{ TenantUser: { id: mia, fullName: 'Mia Member' } }],
    });
    await voidEntry('expense', idOf(answer));
  });

  it('takes the shares of its users from what they earn, also below zero, and gives them back', async () => {
    const shares = [
      { userId: mia.toUpperCase(), share: '33.3333' },
      { userId: bob, share: 66.6667 },
    ];
    const answer = await expense({ amount: '0.01', recoupable: true, shares });
    const { text, json } = answer;
    expect(json).toMatchObject({
      shares: [
        { userId: mia, share: 33.3333 },
        { userId: bob, share: 66.6667 },
      ],
    });
    expect(text).toContain('66.6667');
    const large = idOf(await expense({ amount: '150', recoupable: true, userId: mia }));
    expect(await office.stats()).toEqual({ Royalty_Share: 100, net: -50, paid: 0, due: -50 });
    expect(await office.stats(bob)).toEqual({ Royalty_Share: 0, net: -0.01, paid: 0, due: -0.01 });
    const exact = (await office.ledger(bob)).map(({ kind, amount, balance }) => [kind, amount, balance]);
    expect(exact).toEqual([['expense', -0.00666667, -0.00666667]]);
    await office.refused(office.pay('1'), 422, 'more than is due, -50 EUR');

    expect(await voidEntry('expense', large)).toMatchObject({ status: 200 });
    expect(await voidEntry('expense', idOf(answer))).toMatchObject({ status: 200 });
    expect(await office.stats()).toEqual({ Royalty_Share: 100, net: 100, paid: 0, due: 100 });
    expect(await office.stats(bob)).toMatchObject({ net: 0, due: 0 });
  });

  const share = (userId: string, part: string) => ({ userId, share: part });
  it.each<[string, () => object, number, string]>([
    [
      'recoupable from nobody',
      () => ({ recoupable: true }),
      400,
      'userId: A recoupable expense needs userId or shares',
    ],
    [
      'of a user and of shares',
      () => ({ userId: mia, shares: [share(bob, '100')] }),
      400,
      'Give either userId or shares',
    ],
    ['of shares short of all', () => ({ shares: [share(mia, '99.9999')] }), 400, 'Split shares must total 100%'],
    [
      'of shares over all',
      () => ({ shares: [share(mia, '100'), share(bob, '0.0001')] }),
      400,
      'Split shares must total 100%',
    ],
    ['of a user’s two shares', () => ({ shares: [share(mia, '50'), share(mia.toUpperCase(), '50')] }), 400, 'shares'],
    ['of a share of nothing', () => ({ shares: [share(mia, '0'), share(bob, '100')] }), 400, 'shares.0.share'],
    ['of shares too fine', () => ({ shares: [share(mia, '33.33333'), share(bob, '66.66667')] }), 400, 'shares.0.share'],
    ['of no shares', () => ({ shares: [] }), 400, 'shares'],
    ['of an unknown type', () => ({ type: 'travel' }), 400, 'type'],
    ['of nobody’s decision', () => ({ recoupable: undefined }), 400, 'recoupable'],
    ['of a stranger', () => ({ recoupable: true, userId: randomUUID() }), 422, 'is not of this tenant'],
  ])('is refused when it is %s', async (_, wrong, status, said) => {
    await office.refused(expense(wrong()), status, said);
  });
});

describe.each([
  ['/revenue', revenue],
  ['/expense', expense],
] as const)('POST %s', (path, record) => {
  it.each<[object, number, string]>([
    [{ amount: '0' }, 400, 'amount'],
    [{ amount: 0 }, 400, 'amount'],
    [{ amount: '-5' }, 400, 'amount'],
    [{ amount: '0.00000000001' }, 400, 'amount'],
    [{ amount: '1e3' }, 400, 'amount'],
    [{ amount: '+1' }, 400, 'amount'],
    [{ amount: true }, 400, 'amount'],
    [{ amount: '1'.repeat(31) }, 400, 'amount'],
    [{ currency: 'JPY' }, 422, 'Amounts are in EUR'],
    [{ currency: 'eur' }, 400, 'currency'],
    [{ title: '' }, 400, 'title'],
    [{ title: undefined }, 400, 'title'],
    [{ transactionDate: undefined }, 400, 'transactionDate'],
    [{ transactionDate: '2025-13-01' }, 400, 'transactionDate'],
    [{ transactionDate: '0999-12-31' }, 400, 'transactionDate'],
    [{ transactionDate: '9999-12-31T23:30:00-01:00' }, 400, 'transactionDate'],
    [{ transactionDate: '1000-01-01T00:30:00+01:00' }, 400, 'transactionDate'],
    [{ reportIds: [1] }, 400, 'reportIds is not a known field'],
  ])('refuses %j', async (wrong, status, said) => {
    await office.refused(record(wrong), status, said);
  });

  it('is for admins', async () => {
    expect(await office.tenant.member.post(path, {})).toMatchObject({ status: 403 });
    expect(await office.tenant.member.post(`${path}/1/void`, { reason: 'x' })).toMatchObject({ status: 403 });
  });
});

describe('a repeated call', () => {
  it('is answered as the first, whatever has happened since', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await revenue({}, headers);
    await voidEntry('revenue', idOf(first));
    const month = await office.admin.post('/accounting/periods/2025-09/close', {});
    expect(month.status).toBe(200);
    const again = await revenue({}, headers);
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([201, first.text, 'true']);
    await office.refused(revenue({ amount: '11' }, headers), 422, 'already used with another body');
    expect(await office.admin.post('/accounting/periods/2025-09/reopen', {})).toMatchObject({ status: 200 });
  });

  it('is no other call: of another user or on another route', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const one = idOf(await revenue({}, headers));
    const two = idOf(
      await office.admin.post(
        '/expense',
        { ...on, amount: '1', title: 'x', type: 'general', recoupable: false },
        headers,
      ),
    );
    expect(two).not.toBe(one);
    const voids = await office.admin.post(`/revenue/${one}/void`, { reason: 'x' }, headers);
    expect([voids.status, voids.headers.get('idempotency-replayed')]).toEqual([200, null]);
    const again = await office.admin.post(`/revenue/${one}/void`, { reason: 'x' }, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    await voidEntry('expense', two);
  });
});

describe('a day', () => {
  it.each([
    ['Pacific/Kiritimati', '2025-08-31T10:00:00Z', '2025-09-01'],
    ['Pacific/Kiritimati', '2025-08-31T09:59:59.999999999Z', '2025-08-31'],
    ['America/Los_Angeles', '2025-09-01T08:59:59+02:00', '2025-08-31'],
    ['America/Los_Angeles', '2025-09-01', '2025-09-01'],
  ])('in %s of %s is %s', async (timeZone, transactionDate, day) => {
    const there = await EntriesOffice.open(platform, { timeZone });
    const answer = await there.admin.post('/revenue', { amount: '1', title: 'x', transactionDate });
    expect(answer.json).toMatchObject({ transactionDate: day });
    const { json } = await there.admin.get('/accounting/transactions/monthly');
    expect(json).toMatchObject([{ month: `${day.slice(0, 7)}-01`, transactions: { revenue: 1 } }]);
  });
});

describe('other currencies', () => {
  it.each([
    ['JPY', '1', '1234.5', { shown: 1235, payable: '1234', tooFine: '1.5' }],
    ['KWD', '0.5', '2.4691', { shown: 1.235, payable: '1.234', tooFine: '1.0005' }],
  ])('%s has its own minor unit', async (currency, rate, earned, { shown, payable, tooFine }) => {
    const there = await EntriesOffice.open(platform, { currency });
    await there.earn(earned, undefined, { to: currency, rate });
    expect(await there.stats()).toEqual({ Royalty_Share: shown, net: shown, paid: 0, due: shown });
    await there.refused(there.pay(tooFine), 400, 'amount');
    await there.refused(there.tenant.member.post('/payment-request', { amount: tooFine }), 400, 'amount');
    await there.refused(there.pay(String(shown)), 422, `more than is due, ${payable} ${currency}`);
    expect(await there.pay(payable, { currency })).toMatchObject({ status: 201, json: { currency } });
    await there.refused(there.pay('1', { currency: 'EUR' }), 422, `Amounts are in ${currency}`);
  });
});
