import { randomUUID } from 'node:crypto';
import { type Answer, type Api, eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;
let member: Api;
let memberId: string;
let stranger: EntriesOffice;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  office = await EntriesOffice.open(platform);
  stranger = await EntriesOffice.open(platform);
  ({ member, memberId } = office.tenant);
  await office.earn('1035.2899');
}, 90_000);

afterAll(() => platform?.stop(), 30_000);

const idOf = ({ status, json }: Answer): number => {
  expect([status, json]).toEqual([201, expect.anything()]);
  return (json as { id: number }).id;
};
const statusesOf = (answers: Answer[]) => answers.map(({ status }) => status).sort((a, b) => a - b);
const voidPayment = (id: number) => office.admin.post(`/payment/${id}/void`, { reason: 'Sent twice' });

describe('POST /payment', () => {
  it('pays what is due to the last cent, and not more', async () => {
    await office.refused(
      office.pay('1035.29'),
      422,
      'The payment of 1035.29 EUR is more than is due, 1035.28 EUR; send advance: true',
    );
    const paid = await office.pay('1035.28', { title: 'Royalties August', memo: 'By transfer' });
    expect(paid).toMatchObject({
      status: 201,
      json: {
        userId: memberId,
        amount: 1035.28,
        currency: 'EUR',
        transactionDate: '2025-09-01',
        title: 'Royalties August',
        memo: 'By transfer',
        status: 'booked',
        voidReason: null,
        reportIds: [],
        paymentRequestId: null,
        advance: false,
      },
    });
    expect(await office.stats()).toEqual({ Royalty_Share: 1035.29, net: 1035.29, paid: 1035.28, due: 0.01 });
    await office.refused(office.pay('0.01'), 422, 'more than is due, 0 EUR');
    await voidPayment(idOf(paid));
    expect(await office.stats()).toMatchObject({ paid: 0, due: 1035.29 });
  });

  it('pays ahead when that is said, so that less than nothing is due', async () => {
    const paid = await office.pay('2000', { advance: true });
    expect(await office.stats()).toMatchObject({ paid: 2000, due: -964.71 });
    await office.refused(office.pay('1'), 422, 'more than is due, -964.71 EUR');
    await voidPayment(idOf(paid));
  });

  it.each<[string, object, number, string]>([
    ['nothing', { amount: '0' }, 400, 'amount'],
    ['less than nothing', { amount: '-1' }, 400, 'amount'],
    ['parts of a cent', { amount: '1.005' }, 400, 'amount: amount must have at most 2 decimals'],
    ['parts of a cent in zeros', { amount: '1.000' }, 400, 'amount'],
    ['more decimals than any amount has', { amount: '1.00000000001' }, 400, 'amount'],
    ['an exponent', { amount: '1e2' }, 400, 'amount'],
    ['no number', { amount: 'NaN' }, 400, 'amount'],
    ['no amount', { amount: undefined }, 400, 'amount'],
    ['another currency', { currency: 'USD' }, 422, "Amounts are in EUR, the tenant's currency"],
    ['no currency there is', { currency: 'EURO' }, 400, 'currency'],
    ['an unknown field', { amuont: '1' }, 400, 'amuont is not a known field'],
    ['no day', { transactionDate: '2025-02-30' }, 400, 'transactionDate'],
    ['an instant without an offset', { transactionDate: '2025-09-01T10:00:00' }, 400, 'transactionDate'],
    ['no user id', { userId: 'mia' }, 400, 'userId'],
    ['an unknown user', { userId: randomUUID() }, 404, 'User not found'],
    ['a title that is too long', { title: 'x'.repeat(201) }, 400, 'title'],
    ['a memo that is too long', { memo: 'x'.repeat(2001) }, 400, 'memo'],
    ['text that cannot be stored', { memo: 'a\u0000b' }, 400, 'memo'],
    ['a report twice', { reportIds: [1, 1] }, 400, 'reportIds'],
    ['more than 1,000 reports', { reportIds: Array.from({ length: 1001 }, (_, at) => at + 1) }, 400, 'reportIds'],
    ['an unknown report', { reportIds: [999_999_999] }, 422, 'Report 999999999 is not one of user'],
    ['an unknown request', { paymentRequestId: 999_999_999 }, 404, 'Payment request not found'],
    ['an advance that is no flag', { advance: 'yes' }, 400, 'advance'],
    ['malformed before unknown', { userId: randomUUID(), amount: '0.001' }, 400, 'amount'],
    ['unknown before impossible', { userId: randomUUID(), currency: 'USD' }, 404, 'User not found'],
  ])('refuses %s', async (_, wrong, status, said) => {
    await office.refused(office.pay('1', wrong), status, said);
  });

  it('refuses a JSON number that a person would not read as it is', async () => {
    const written = (amount: string) =>
      office.admin.postText(
        '/payment',
        `{"userId":"${memberId}","amount":${amount},"transactionDate":"2025-09-01","advance":true}`,
      );
    for (const amount of ['1e2', '1E+2', '1.0000000000000001', '1234567890123.4567']) {
      expect([amount, (await written(amount)).status]).toEqual([amount, 400]);
    }
    await voidPayment(idOf(await written('1.10')));
  });

  it('knows a user however the id is written', async () => {
    const due = (await office.stats()).due;
    const id = idOf(await office.pay('1.28', { userId: memberId.toUpperCase() }));
    expect(await office.stats(memberId.toUpperCase())).toMatchObject({ paid: 1.28 });
    const { Users } = (await office.admin.get('/accounting/getcurrentdue')).json as { Users: { id: string }[] };
    expect(Users.filter((user) => user.id === memberId)).toMatchObject([{ Paid: 1.28 }]);
    await voidPayment(id);
    expect((await office.stats()).due).toBe(due);
  });

  it('still pays a user who has left', async () => {
    const leaver = await openMember(platform.url, office.admin, { firstName: 'Léa', lastName: 'Leaver' });
    await office.earn('10', leaver.id);
    expect(await office.admin.delete(`/user/${leaver.id}`)).toMatchObject({ status: 204 });
    await eventually(async () => {
      const refused = await office.admin.post('/expense', {
        amount: '1',
        title: 'x',
        type: 'general',
        transactionDate: '2025-09-01',
        // Until then it is booked, and must not take from what is due.
        recoupable: false,
        userId: leaver.id,
      });
      expect(refused).toMatchObject({ status: 422 });
    });
    idOf(await office.pay('10', { userId: leaver.id }));
    expect(await office.stats(leaver.id)).toEqual({ Royalty_Share: 10, net: 10, paid: 10, due: 0 });
    const { json } = await office.admin.get('/accounting/getcurrentdue?q=lea%20leaver');
    expect(json).toMatchObject({ totalUsers: 1, Users: [{ id: leaver.id, fullName: 'Léa Leaver', Paid: 10, Due: 0 }] });
  });
});

describe('a payment of reports', () => {
  it('makes them PAID, and PENDING again when it is voided', async () => {
    const [report] = await office.reports();
    const paid = idOf(await office.pay('5', { reportIds: [report!.id] }));
    await office.refused(office.pay('5', { reportIds: [report!.id] }), 409, `Report ${report!.id} is PAID already`);
    await eventually(async () =>
      expect((await office.reports())[0]).toMatchObject({ debitState: 'PAID', paidOn: expect.any(String) }),
    );
    await office.refused(office.pay('5', { reportIds: [report!.id] }), 409, `Report ${report!.id} is PAID already`);
    expect(await voidPayment(paid)).toMatchObject({ status: 200, json: { status: 'voided', reportIds: [report!.id] } });
    await eventually(async () =>
      expect((await office.reports())[0]).toMatchObject({ debitState: 'PENDING', paidOn: null }),
    );
  });

  it('is refused when they are of another user, or canceled', async () => {
    const other = await openMember(platform.url, office.admin);
    await office.earn('3', other.id);
    const { json } = await other.api.get('/financial/reports/user-reports/current?distributor=KONTOR');
    const [report] = json as { id: number }[];
    await office.refused(office.pay('1', { reportIds: [report!.id] }), 422, `Report ${report!.id} is not one of user`);
    expect(await office.admin.post(`/royalties/reports/${report!.id}/cancel`, { reason: 'wrong' })).toMatchObject({
      status: 200,
    });
    const theirs = { userId: other.id, reportIds: [report!.id] };
    await office.refused(office.pay('1', theirs), 409, `Report ${report!.id} is CANCELLED already`);
  });

  it('is taken by one of several at once', async () => {
    const [report] = await office.reports();
    const answers = await Promise.all(Array.from({ length: 6 }, () => office.pay('1', { reportIds: [report!.id] })));
    expect(statusesOf(answers)).toEqual([201, 409, 409, 409, 409, 409]);
    await voidPayment(idOf(answers.find(({ status }) => status === 201)!));
  });

  it('waits for royalties to be there', async () => {
    const [report] = await office.reports();
    await eventually(async () => expect((await office.reports())[0]).toMatchObject({ debitState: 'PENDING' }));
    const headers = { 'idempotency-key': randomUUID() };
    await platform.kill('royalties');
    const refused = await office.pay('2', { reportIds: [report!.id] }, headers);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.any(String)]);
    await platform.restart('royalties');
    await eventually(async () =>
      expect(await office.pay('2', { reportIds: [report!.id] }, headers)).toMatchObject({ status: 201 }),
    );
    const { json } = await office.admin.get(`/payment?userId=${memberId}&size=1`);
    await voidPayment((json as { items: { id: number }[] }).items[0]!.id);
  }, 30_000);
});

describe('POST /payment/:id/void', () => {
  it('takes a payment back once, and keeps it listed', async () => {
    const id = idOf(await office.pay('7'));
    expect(await voidPayment(id)).toMatchObject({
      status: 200,
      json: { id, status: 'voided', voidReason: 'Sent twice', amount: 7 },
    });
    await office.refused(voidPayment(id), 409, `The payment ${id} is voided already`);
    expect((await office.ledger(memberId, '?to=2025-09-30')).slice(-2)).toMatchObject([
      { kind: 'payment', source: 'Payment', amount: -7 },
      { kind: 'payment', source: 'voided: Payment', amount: 7 },
    ]);
  });

  it('is refused for what is no payment of this tenant', async () => {
    const revenue = { amount: '1', transactionDate: '2025-09-01', title: 'Merch' };
    const otherType = idOf(await office.admin.post('/revenue', revenue));
    const elsewhere = idOf(await stranger.pay('1', { advance: true }));
    for (const id of [otherType, elsewhere, 999_999_999])
      await office.refused(voidPayment(id), 404, 'Payment not found');
    await office.refused(office.admin.post('/payment/x/void', { reason: 'a' }), 400, 'id');
    await office.refused(office.admin.post(`/payment/${elsewhere}/void`, {}), 400, 'reason');
    await office.refused(office.admin.post(`/payment/${elsewhere}/void`, { reason: '' }), 400, 'reason');
  });
});

describe('GET /payment', () => {
  it('lists payments newest first, of all or one user, in pages', async () => {
    const other = await openMember(platform.url, office.admin);
    const ids: number[] = [];
    for (const transactionDate of ['2024-03-02', '2024-03-03', '2024-03-03', '2024-03-01'])
      ids.push(idOf(await office.pay('1', { userId: other.id, transactionDate, advance: true })));
    const [second, third, fourth, first] = ids;
    const page = async (query: string) => (await office.admin.get(`/payment?userId=${other.id}&${query}`)).json;
    const items = (...of: (number | undefined)[]) => of.map((id) => expect.objectContaining({ id }));
    expect(await page('')).toEqual({ items: items(fourth, third, second, first), total: 4, page: 1, totalPages: 1 });
    expect(await page('size=3&page=2')).toEqual({ items: items(first), total: 4, page: 2, totalPages: 2 });
    expect(await page('size=3&page=9')).toEqual({ items: [], total: 4, page: 9, totalPages: 2 });
    for (const id of ids) await voidPayment(id);
    expect(await page('size=1')).toMatchObject({ total: 4, items: [{ id: fourth, status: 'voided' }] });
    const all = (await office.admin.get('/payment?size=100')).json as { total: number; items: unknown[] };
    expect(all.total).toBe(all.items.length);
  });

  it.each(['size=101', 'size=0', 'page=0', 'size=ten', 'userId=mia', 'status=booked'])('refuses %s', async (query) => {
    expect(await office.admin.get(`/payment?${query}`)).toMatchObject({ status: 400 });
  });
});

describe('payment requests', () => {
  const ask = (amount: string, api = member) => api.post('/payment-request', { amount, memo: 'Rent' });
  const approve = (id: number) => office.admin.post(`/payment-request/${id}/approve`, {});
  const decline = (id: number) => office.admin.post(`/payment-request/${id}/decline`, { reason: 'Too little' });
  const shownOf = async (userId: string) => {
    const { Users } = (await office.admin.get('/accounting/getcurrentdue?size=100')).json as {
      Users: { id: string }[];
    };
    return Users.find(({ id }) => id === userId);
  };

  it('are open one at a time, show with what is due, and are paid when approved', async () => {
    const asked = await ask('20.50');
    const id = idOf(asked);
    expect(asked.json).toMatchObject({
      id,
      userId: memberId,
      amount: 20.5,
      currency: 'EUR',
      memo: 'Rent',
      status: 'open',
    });
    await office.refused(ask('1'), 409, `Request ${id} is still open`);
    expect(await shownOf(memberId)).toMatchObject({ paymentRequested: true, paymentRequestId: id });
    const { paid } = await office.stats();

    const approved = await approve(id);
    expect(approved).toMatchObject({ status: 200, json: { id, status: 'approved', paymentId: expect.any(Number) } });
    expect(await office.stats()).toMatchObject({ paid: paid + 20.5 });
    expect(await shownOf(memberId)).toMatchObject({ paymentRequested: false, paymentRequestId: null });
    for (const again of [approve(id), decline(id)])
      await office.refused(again, 409, `Payment request ${id} is approved already`);

    const { json } = await office.admin.get('/accounting/transactions?type=paymentRequest&size=1');
    expect(json).toMatchObject({
      transaction: [{ id, type: 'paymentRequest', amount: 20.5, status: 'approved', TenantUser: { id: memberId } }],
    });
    const { paymentId } = approved.json as { paymentId: number };
    expect(await voidPayment(paymentId)).toMatchObject({ status: 200, json: { paymentRequestId: id, memo: 'Rent' } });
  });

  it('of more than is due are taken, and wait', async () => {
    const id = idOf(await ask('5000'));
    await office.refused(approve(id), 422, 'The payment of 5000 EUR is more than is due, 1035.28 EUR');
    expect(await shownOf(memberId)).toMatchObject({ paymentRequestId: id });
    expect(await decline(id)).toMatchObject({
      status: 200,
      json: { status: 'declined', reason: 'Too little', paymentId: null },
    });
    for (const again of [approve(id), decline(id)])
      await office.refused(again, 409, `Payment request ${id} is declined already`);
  });

  it('are closed by a payment that names them, of their own user', async () => {
    const id = idOf(await ask('3'));
    const other = await openMember(platform.url, office.admin);
    const elses = { userId: other.id, paymentRequestId: id, advance: true };
    await office.refused(office.pay('1', elses), 422, `Payment request ${id} is not one of user ${other.id}`);
    const paymentId = idOf(await office.pay('2.50', { paymentRequestId: id }));
    const { json } = await member.get('/payment-request?status=approved&size=1');
    expect(json).toMatchObject({ items: [{ id, amount: 3, status: 'approved', paymentId }] });
    await office.refused(office.pay('1', { paymentRequestId: id }), 409, 'is approved already');
    await voidPayment(paymentId);
  });

  it('are approved once by several at once, and asked for once', async () => {
    const asked = await Promise.all(Array.from({ length: 5 }, () => ask('4')));
    expect(statusesOf(asked)).toEqual([201, 409, 409, 409, 409]);
    const id = idOf(asked.find(({ status }) => status === 201)!);
    const { paid } = await office.stats();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => approve(id)),
      office.pay('4', { paymentRequestId: id }),
    ]);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
    expect(await office.stats()).toMatchObject({ paid: paid + 4 });
  });

  it('are listed to those who may see them', async () => {
    const other = await openMember(platform.url, office.admin);
    const id = idOf(await ask('2', other.api));
    expect((await other.api.get('/payment-request')).json).toMatchObject({
      total: 1,
      items: [{ id, userId: other.id }],
    });
    expect((await office.admin.get('/payment-request?status=open')).json).toMatchObject({ total: 1, items: [{ id }] });
    expect((await office.admin.get(`/payment-request?userId=${other.id}&status=declined`)).json).toMatchObject({
      total: 0,
      items: [],
    });
    const all = (await office.admin.get('/payment-request?size=100')).json as { total: number; items: unknown[] };
    expect(all.total).toBe(all.items.length);
    await office.refused(member.get(`/payment-request?userId=${other.id}`), 404, 'User not found');
    expect((await member.get(`/payment-request?userId=${memberId}`)).status).toBe(200);
    expect((await stranger.admin.get('/payment-request')).json).toMatchObject({ total: 0 });
    await office.refused(stranger.admin.post(`/payment-request/${id}/approve`, {}), 404, 'Payment request not found');
    await decline(id);
  });

  it.each<[string, object, string]>([
    ['nothing', { amount: '0' }, 'amount'],
    ['parts of a cent', { amount: '0.001' }, 'amount'],
    ['a day', { amount: '1', transactionDate: '2025-09-01' }, 'transactionDate'],
  ])('of %s are refused', async (_, wrong, field) => {
    await office.refused(member.post('/payment-request', wrong), 400, field);
  });
});

describe('who may do what', () => {
  it.each<[string, () => Promise<Answer>, number]>([
    ['members pay', () => member.post('/payment', {}), 403],
    ['members void', () => member.post('/payment/1/void', {}), 403],
    ['members list payments', () => member.get('/payment?size=101'), 403],
    ['members approve', () => member.post('/payment-request/1/approve', {}), 403],
    ['members decline', () => member.post('/payment-request/1/decline', {}), 403],
    ['admins ask for a payment', () => office.admin.post('/payment-request', { amount: '1' }), 403],
    ['nobody in particular pays', () => fetchStatus('/payment', 'POST'), 401],
    ['nobody in particular lists requests', () => fetchStatus('/payment-request', 'GET'), 401],
  ])('%s: no', async (_, call, status) => {
    expect(await call()).toMatchObject({ status });
  });

  it('what is sent in another form, or too large, is not read', async () => {
    const text = { 'content-type': 'text/plain' };
    expect(await office.admin.postText('/payment', 'amount=1', text)).toMatchObject({ status: 415 });
    expect(await office.admin.postText('/payment', `{"memo":"${'x'.repeat(1_000_000)}"}`)).toMatchObject({
      status: 413,
    });
  });

  const fetchStatus = async (path: string, method: string): Promise<Answer> => {
    const { status, headers } = await fetch(`${platform.url}${path}`, { method });
    return { status, headers, text: '', json: null };
  };
});
