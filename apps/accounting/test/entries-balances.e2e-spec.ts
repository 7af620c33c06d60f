import { randomUUID } from 'node:crypto';
import { type Api, eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;
let stranger: EntriesOffice;
const users: Record<string, { api: Api; id: string }> = {};

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [office, stranger] = await Promise.all([EntriesOffice.open(platform), EntriesOffice.open(platform)]);
  const { admin } = office;
  const open = (firstName: string, lastName: string, more: Parameters<typeof openMember>[2] = {}) =>
    openMember(platform.url, admin, { firstName, lastName, ...more });
  users['zoe'] = await open('Zoë', 'Müller-Lüdenscheidt', { email: `zoe_50%off-${randomUUID()}@test.example` });
  users['jose'] = await open('JOSÉ', 'Ñandú');
  users['gone'] = await open('Gone', 'Girl');
  users['left'] = await open('Left', 'Alone');
  users['reseller'] = await open('Rita', 'Reseller', { roles: ['reseller'], resellerId: '1234567890abcdef12345678' });
  users['clerk'] = await open('Carl', 'Clerk', { roles: ['admin'] });
  for (const [name, amount] of Object.entries({ zoe: '200', gone: '100', jose: '100', clerk: '7' }))
    expect(await office.pay(amount, { userId: users[name]!.id, advance: true })).toMatchObject({ status: 201 });
  await eventually(async () => expect((await due('q=Left')).totalUsers).toBe(1));
  for (const name of ['gone', 'left']) await admin.delete(`/user/${users[name]!.id}`);
  await eventually(async () => expect((await due('q=Left')).totalUsers).toBe(0));
}, 90_000);

afterAll(() => platform?.stop(), 30_000);

interface Due {
  Users: { id: string; fullName: string; Gross: number; Net: number; Paid: number; Due: number }[];
  totalUsers: number;
  page: number;
  totalPages: number;
}
const due = async (query = ''): Promise<Due> =>
  (await office.admin.get(`/accounting/getcurrentdue?${query}`)).json as Due;
const names = ({ Users }: Due) => Users.map(({ fullName }) => fullName.split(' ')[0]).join(' ');

describe('GET /accounting/getcurrentdue', () => {
  it('has every member, and whoever else or deleted is in the book', async () => {
    const all = await due();
    expect(all).toMatchObject({ message: 'success', totalUsers: 5, page: 1, totalPages: 1 });
    expect(all.Users.map(({ fullName, Due: amount }) => [fullName, amount])).toEqual(
      expect.arrayContaining([
        ['Mia Member', 0],
        ['Zoë Müller-Lüdenscheidt', -200],
        ['JOSÉ Ñandú', -100],
        ['Gone Girl', -100],
        ['Carl Clerk', -7],
      ]),
    );
    expect(all.Users.at(-1)).toEqual({
      id: users['zoe']!.id,
      firstName: 'Zoë',
      lastName: 'Müller-Lüdenscheidt',
      fullName: 'Zoë Müller-Lüdenscheidt',
      email: expect.stringContaining('zoe_50%off'),
      TenantUserId: users['zoe']!.id,
      Gross: 0,
      Net: 0,
      Paid: 200,
      Due: -200,
      paymentRequested: false,
      paymentRequestId: null,
    });
    expect((await office.admin.get('/accounting/gettotaldue')).json).toEqual({
      message: 'success',
      totalGross: 0,
      totalNet: 0,
      totalPaid: 407,
      totalDue: -407,
      userCount: 5,
    });
  });

  it('sorts by any figure, and keeps who has the same in one order through all pages', async () => {
    const sorted = async (query: string) => names(await due(query));
    expect(await sorted('')).toMatch(/^Mia Carl (Gone JOSÉ|JOSÉ Gone) Zoë$/);
    expect(await sorted('order=ASC')).toMatch(/^Zoë (Gone JOSÉ|JOSÉ Gone) Carl Mia$/);
    expect(await sorted('sort=paid&order=DESC')).toMatch(/^Zoë (Gone JOSÉ|JOSÉ Gone) Carl Mia$/);
    for (const sort of ['gross', 'net', 'paid', 'due']) {
      const whole = await due(`sort=${sort}`);
      const pages = await Promise.all([1, 2, 3].map((page) => due(`sort=${sort}&size=2&page=${page}`)));
      expect(pages.flatMap(({ Users }) => Users)).toEqual(whole.Users);
      expect(pages.map(({ totalUsers, totalPages }) => [totalUsers, totalPages])).toEqual(pages.map(() => [5, 3]));
    }
    expect(await due('size=2&page=4')).toEqual({
      message: 'success',
      Users: [],
      totalUsers: 5,
      page: 4,
      totalPages: 3,
    });
  });

  it.each([
    ['zoe', 'Zoë'],
    ['ZOË MÜLLER', 'Zoë'],
    ['ludens', 'Zoë'],
    ['jose nandu', 'JOSÉ'],
    ['%', 'Zoë'],
    ['50%off', 'Zoë'],
    ['zoe_', 'Zoë'],
    ['_', 'Zoë'],
    ['z_e', ''],
    ['\\', ''],
    ["'; DROP TABLE entry; --", ''],
    ['girl', 'Gone'],
    ['nobody', ''],
    ['  zoe  ', 'Zoë'],
  ])('finds by %j: %s', async (q, expected) => {
    const found = await due(`q=${encodeURIComponent(q)}`);
    expect([names(found), found.totalUsers]).toEqual([expected, expected === '' ? 0 : 1]);
    expect((await due(`q=${encodeURIComponent(q)}&page=5`)).totalUsers).toBe(found.totalUsers);
  });

  it('finds by e-mail', async () => {
    expect((await due('q=TEST.EXAMPLE')).totalUsers).toBe(5);
  });

  it.each([
    ['size=101', 'size'],
    ['size=-1', 'size'],
    ['page=0', 'page'],
    ['sort=name', 'sort'],
    ['sort=DUE', 'sort'],
    ['order=desc', 'order'],
    [`q=${'x'.repeat(201)}`, 'q'],
    ['q=a%00', 'q'],
    ['search=x', 'search is not a known field'],
  ])('?%s is refused', async (query, field) => {
    await office.refused(office.admin.get(`/accounting/getcurrentdue?${query}`), 400, field);
  });
});

describe('a user’s figures and ledger', () => {
  it.each(['stats', 'ledger'])('%s: members see their own, admins everybody’s who is or was one', async (what) => {
    const { member, memberId } = office.tenant;
    const of = (id: string) => `/accounting/${id}/${what}`;
    expect(await member.get(of(memberId))).toMatchObject({ status: 200 });
    expect(await member.get(of(memberId.toUpperCase()))).toMatchObject({ status: 200 });
    for (const name of ['zoe', 'jose', 'gone', 'left', 'reseller', 'clerk'])
      expect(await office.admin.get(of(users[name]!.id))).toMatchObject({ status: 200 });
    for (const id of [users['zoe']!.id, users['gone']!.id, stranger.tenant.memberId, randomUUID()])
      await office.refused(member.get(of(id)), 404, 'User not found');
    for (const id of [stranger.tenant.memberId, randomUUID()])
      await office.refused(office.admin.get(of(id)), 404, 'User not found');
    await office.refused(office.admin.get(of('me')), 400, 'userId');
    expect(await users['reseller']!.api.get(of(users['reseller']!.id))).toMatchObject({ status: 403 });
  });

  it('answers in one form, which a caller who has it need not get again', async () => {
    const path = `/accounting/${users['zoe']!.id}/stats`;
    const { json, headers } = await office.admin.get(path);
    expect(json).toEqual({ Royalty_Share: 0, net: 0, paid: 200, due: -200 });
    expect(await office.admin.get(path, { 'if-none-match': headers.get('etag')! })).toMatchObject({ status: 304 });
    await office.refused(office.admin.get(`${path}?include=stats`), 400, 'include');
    expect((await office.admin.get(`${path}?include=royalty`)).json).toMatchObject({
      royaltySummary: { Streams: 0, Streams_Royalty: 0, Downloads: 0, RatePer1K: null, months: [], topDsps: [] },
    });
  });

  it('the ledger goes by day of booking, with what was due after each change', async () => {
    const { memberId } = office.tenant;
    for (const [day, amount] of [
      ['2025-03-10', '1'],
      ['2025-01-10', '2'],
      ['2025-02-10', '4'],
      ['2025-02-10', '8'],
    ])
      await office.pay(amount!, { transactionDate: day, advance: true });
    const lines = async (query: string) =>
      (await office.ledger(memberId, query)).map(({ date, amount, balance }) => [date, amount, balance]);
    const all = [
      ['2025-01-10', -2, -2],
      ['2025-02-10', -4, -6],
      ['2025-02-10', -8, -14],
      ['2025-03-10', -1, -15],
    ];
    expect(await lines('')).toEqual(all);
    expect(await lines('?from=2025-02-10&to=2025-02-10')).toEqual(all.slice(1, 3));
    expect(await lines('?from=2025-02-11')).toEqual(all.slice(3));
    expect(await lines('?to=2025-02-09')).toEqual(all.slice(0, 1));
    expect(await lines('?from=1000-01-01&to=9999-12-31')).toEqual(all);
    await office.refused(office.admin.get(`/accounting/${memberId}/ledger?from=2025-02-02&to=2025-02-01`), 400, 'to');
    await office.refused(office.admin.get(`/accounting/${memberId}/ledger?to=2025-02`), 400, 'to');
  });

  it('a ledger that is too long for one answer is refused, with what to do', async () => {
    const { memberId } = office.tenant;
    await bookPayments(memberId, 9_996);
    expect(await office.ledger()).toHaveLength(10_000);
    await bookPayments(memberId, 1);
    const path = `/accounting/${memberId}/ledger`;
    await office.refused(office.admin.get(path), 422, 'There are more than 10000 changes in that time');
    expect(await office.ledger(memberId, '?from=2025-01-01')).toHaveLength(4);
  });
});

/** Books payments of 0.01 on the first of May 2020 as fast as the database can. */
async function bookPayments(userId: string, count: number): Promise<void> {
  const database = new DataSource({ type: 'postgres', url: platform.superuserDatabaseUrl('accounting') });
  await database.initialize();
  await database.query(
    `WITH fresh AS (
       INSERT INTO journal (tenant_id, book, kind, key, payload_hash, occurred_on, booked_on, booked_at, source, postings)
       SELECT $1, 'main', 'payment', gen_random_uuid(), '', '2020-05-01', '2020-05-01', now(), repeat(U&'\\0001', 200), 2
       FROM generate_series(1, $3::integer)
       RETURNING id
     )
     INSERT INTO posting (tenant_id, journal_id, number, account, currency, amount, booked_on)
     SELECT $1, id, number, account, 'EUR', amount, '2020-05-01'
     FROM fresh, (VALUES (1, 'cash', -0.01), (2, 'royalties-payable:' || $2, 0.01)) AS line (number, account, amount)`,
    [office.tenant.id, userId, count],
  );
  await database.destroy();
}
