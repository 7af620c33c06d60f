import { type Answer, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;
let mia: string;
let bob: string;
const ids: Record<string, number> = {};

/** Name, type, day, amount, whose; what ends in `v` is voided. */
const entries = [
  ['r1', 'revenue', '2025-01-31', '100.005', null],
  ['p1', 'payment', '2025-02-01', '10.25', 'mia'],
  ['p2', 'payment', '2025-02-14', '20.50', 'bob'],
  ['p3v', 'payment', '2025-02-14', '40', 'mia'],
  ['e1', 'expense', '2025-02-28', '5.005', 'bob'],
  ['e2', 'expense', '2025-04-01', '0.005', null],
  ['r2v', 'revenue', '2025-04-15', '7', null],
  ['r3', 'revenue', '2025-04-30', '1000', null],
  ['r4', 'revenue', '2025-05-01', '0.005', null],
] as const;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  office = await EntriesOffice.open(platform);
  mia = office.tenant.memberId;
  bob = (await openMember(platform.url, office.admin, { firstName: 'Bob', lastName: 'Øst' })).id;
  for (const [name, type, transactionDate, amount, whose] of entries) {
    const user = whose && { userId: whose === 'mia' ? mia : bob };
    const more = {
      payment: { advance: true, title: name },
      revenue: { title: name },
      expense: { title: name, type: 'product', recoupable: whose !== null },
    }[type];
    const { status, json } = await office.admin.post(`/${type}`, { amount, transactionDate, ...user, ...more });
    expect([name, status]).toEqual([name, 201]);
    ids[name] = (json as { id: number }).id;
    if (name.endsWith('v')) await office.admin.post(`/${type}/${ids[name]}/void`, { reason: 'wrong' });
  }
}, 90_000);

afterAll(() => platform?.stop(), 30_000);

interface Page {
  transaction: { id: number; title: string }[];
  currentPage: number;
  totalPages: number;
  totalItem: number;
}
const page = async (query = ''): Promise<Page> =>
  (await office.admin.get(`/accounting/transactions?${query}`)).json as Page;
const titles = ({ transaction }: Page) => transaction.map(({ title }) => title).join(' ');
const months = (query = ''): Promise<Answer> => office.admin.get(`/accounting/transactions/monthly?${query}`);

describe('GET /accounting/transactions', () => {
  it('has the newest first, with all that people need to know of them', async () => {
    const all = await page();
    expect(titles(all)).toBe('r4 r3 r2v e2 e1 p3v p2 p1 r1');
    expect(all).toMatchObject({ currentPage: 1, totalPages: 1, totalItem: 9 });
    expect(all.transaction.find(({ title }) => title === 'e1')).toEqual({
      id: ids['e1'],
      type: 'expense',
      amount: 5.01,
      currency: 'EUR',
      transactionDate: '2025-02-28',
      title: 'e1',
      memo: null,
      status: 'booked',
      TenantUser: {
        id: bob,
        firstName: 'Bob',
        lastName: 'Øst',
        fullName: 'Bob Øst',
        email: expect.stringContaining('@test.example'),
      },
    });
    expect(all.transaction.find(({ title }) => title === 'r2v')).toMatchObject({ status: 'voided', TenantUser: null });
  });

  it.each([
    ['start=2025-02-01', 'r4 r3 r2v e2 e1 p3v p2 p1'],
    ['end=2025-01-31', 'r1'],
    ['start=2025-02-02', 'r4 r3 r2v e2 e1 p3v p2'],
    ['start=2025-02-14&end=2025-02-14', 'p3v p2'],
    ['start=2025-01-31&end=2025-02-13', 'p1 r1'],
    ['start=2025-02-02&end=2025-04-29', 'r2v e2 e1 p3v p2'],
    ['start=2025-02-01&end=2025-02-28', 'e1 p3v p2 p1'],
    ['start=2025-03-01&end=2025-03-31', ''],
    ['start=2025-02-10&type=payment', 'p3v p2'],
    ['type=revenue', 'r4 r3 r2v r1'],
    ['type=paymentRequest', ''],
    ['start=1000-01-01&end=9999-12-31&type=expense', 'e2 e1'],
  ])('%s are %s, in whatever pages', async (query, expected) => {
    const found = await page(query);
    const count = expected === '' ? 0 : expected.split(' ').length;
    expect([titles(found), found.totalItem]).toEqual([expected, count]);
    const pages = await Promise.all(
      Array.from({ length: Math.ceil(count / 2) }, (_, at) => page(`${query}&size=2&page=${at + 1}`)),
    );
    expect(pages.map(titles).join(' ').trim()).toBe(expected);
    for (const one of pages) expect(one).toMatchObject({ totalItem: count, totalPages: pages.length });
    expect(await page(`${query}&size=2&page=77`)).toEqual({
      transaction: [],
      currentPage: 77,
      totalPages: pages.length,
      totalItem: count,
    });
  });

  it('are those of one user when asked for', async () => {
    expect(titles(await page(`userId=${mia}`))).toBe('p3v p1');
    expect(await page(`userId=${bob.toUpperCase()}&type=payment&start=2025-02-02`)).toMatchObject({ totalItem: 1 });
  });

  it.each([
    ['size=101', 'size'],
    ['size=0', 'size'],
    ['page=0', 'page'],
    ['page=1.5', 'page'],
    ['page=1e1', 'page'],
    ['start=2025-1-1', 'start'],
    ['end=2025-02-30', 'end'],
    ['start=2025-02-02&end=2025-02-01', 'end: end must not be before start (2025-02-02)'],
    ['type=refund', 'type'],
    ['userId=me', 'userId'],
    ['sort=amount', 'sort'],
    ['page=1&page=2', 'page'],
  ])('?%s is refused', async (query, field) => {
    await office.refused(office.admin.get(`/accounting/transactions?${query}`), 400, field);
  });
});

describe('GET /accounting/transactions/summary', () => {
  it('has what was not voided, summed exactly and rounded once', async () => {
    const { json } = await office.admin.get('/accounting/transactions/summary');
    expect(json).toEqual({
      message: 'success',
      summary: { totalPayments: 30.75, totalRevenues: 1100.01, totalExpenses: 5.01, netAmount: 1064.25 },
    });
  });

  it('is what users got, to the last digit', async () => {
    const { json } = await office.admin.get('/accounting/gettotaldue');
    expect(json).toMatchObject({ totalPaid: 30.75, totalGross: 0, totalNet: -5.01, totalDue: -35.76 });
  });
});

describe('GET /accounting/transactions/monthly', () => {
  const month = (name: string, payment: number, revenue: number, expense: number, net: number) => ({
    month: `2025-${name}-01`,
    transactions: { payment, revenue, expense, net },
  });

  it('goes from the first to the last month, with zeros between', async () => {
    expect((await months()).json).toEqual([
      month('01', 0, 100.01, 0, 100.01),
      month('02', 30.75, 0, 5.01, -35.76),
      month('03', 0, 0, 0, 0),
      month('04', 0, 1000, 0.01, 1000),
      month('05', 0, 0.01, 0, 0.01),
    ]);
  });

  it('counts from the first to the last day, in the middle of months as well', async () => {
    expect((await months('start=2025-02-02&stop=2025-04-29')).json).toEqual([
      month('02', 20.5, 0, 5.01, -25.51),
      month('03', 0, 0, 0, 0),
      month('04', 0, 0, 0.01, -0.01),
    ]);
    expect((await months('start=2025-02-14&stop=2025-02-14')).json).toEqual([month('02', 20.5, 0, 0, -20.5)]);
    expect((await months('start=2025-04-30')).json).toEqual([
      month('04', 0, 1000, 0, 1000),
      month('05', 0, 0.01, 0, 0.01),
    ]);
    expect((await months('stop=2025-01-30')).json).toEqual([month('01', 0, 0, 0, 0)]);
    expect((await months('start=2030-12-01&stop=2031-01-31')).json).toMatchObject([
      { month: '2030-12-01' },
      { month: '2031-01-01' },
    ]);
  });

  it('is an empty list where there is nothing', async () => {
    const empty = await EntriesOffice.open(platform);
    expect((await empty.admin.get('/accounting/transactions/monthly')).json).toEqual([]);
    expect((await months('start=2030-01-01')).json).toEqual([]);
  });

  it.each([
    ['start=2025-02-02&stop=2025-02-01', 'stop'],
    ['start=2025', 'start'],
    ['end=2025-01-01', 'end is not a known field'],
  ])('?%s is refused', async (query, field) => {
    await office.refused(months(query), 400, field);
  });
});

it.each(['transactions', 'transactions/summary', 'transactions/monthly', 'getcurrentdue', 'gettotaldue'])(
  'members do not see the tenant’s %s',
  async (path) => {
    expect(await office.tenant.member.get(`/accounting/${path}`)).toMatchObject({ status: 403 });
  },
);
