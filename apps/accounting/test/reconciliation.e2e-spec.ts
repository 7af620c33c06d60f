import {
  type Answer,
  eventually,
  openMember,
  type Platform,
  startProduct,
  type StatementView,
} from '@countinghouse/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { EarningsPublisher } from './earnings-publisher.js';

let platform: Platform;
let publisher: EarningsPublisher;
let bob: string;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
}, 90_000);
afterAll(() => platform?.stop(), 30_000);

beforeEach(async () => {
  await publisher?.close();
  publisher = await EarningsPublisher.open(platform);
  bob = (await openMember(platform.url, publisher.admin, { firstName: 'Bob' })).id;
  const contracts = [
    { userId: publisher.tenant.memberId, scope: 'label', match: 'Polar Records', sharePercent: '33.3333' },
    { userId: bob, scope: 'label', match: 'Solar', sharePercent: '100' },
  ];
  for (const contract of contracts) {
    expect(await publisher.admin.post('/royalties/contracts', contract)).toMatchObject({ status: 201 });
  }
}, 60_000);

const header =
  'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;Article No;Royalties;Units';
const statement = (lines: [label: string, isrc: string, amount: string][]): string =>
  [
    header,
    ...lines.map(
      ([label, isrc, amount], at) =>
        `2025-07;${at % 2 ? 'Spotify' : 'Deezer'};Streaming;1401;DE;${label};Track;Snow;Ada;4260123459598;${isrc};;PR-1;${amount};3`,
    ),
  ].join('\r\n');
const lines: Parameters<typeof statement>[0] = [
  ['Polar Records', 'DEA622500001', '10,0000000001'],
  ['Polar Records', 'DEA622500002', '0,3333333333'],
  ['SOLAR', 'DEA622500003', '-0,7'],
  ['Solar', 'DEA622500001', '5'],
  ['Nobody', 'DEA622500004', '99'],
];

const upload = async (month: string): Promise<StatementView> => {
  const done = await publisher.admin.uploaded(`distributor=KONTOR&reportingMonth=${month}`, statement(lines));
  expect(done).toMatchObject({ state: 'completed', lines: { rejected: 0, unmatched: 1 } });
  return done;
};

interface Reconciliation {
  gross: number;
  reports: number;
  difference: number;
  payments: number;
  summaryPayments: number;
  postingsSum: number;
  unallocated: number;
  delayed: object[];
}
const reconciliation = async (): Promise<Reconciliation> =>
  (await publisher.admin.get('/accounting/reconciliation')).json as Reconciliation;
/** Once so much is credited: both sides are the same. */
const reconciled = (gross: number): Promise<void> =>
  eventually(async () => {
    expect(await reconciliation()).toMatchObject({
      gross,
      reports: gross,
      difference: 0,
      postingsSum: 0,
      unallocated: 0,
      delayed: [],
    });
  });
const idOf = ({ status, json }: Answer): number => {
  expect(status).toBe(201);
  return (json as { id: number }).id;
};

it('what users are credited is what the reports come to, whatever splits, late matches, voids and payments do', async () => {
  const { memberId } = publisher.tenant;
  // 33.3333 % of each line, rounded at the tenth place: 3.33333 + 0.1111109999…; and all of Solar.
  const credited = 3.33333 + 0.111111 + 4.3;
  await upload('202508');
  await eventually(async () => expect((await reconciliation()).gross).toBeCloseTo(credited, 5));
  const exact = (await reconciliation()).gross;
  await reconciled(exact);

  const shares = [
    { userId: memberId, share: '0.0001' },
    { userId: bob, share: '99.9999' },
  ];
  const split = idOf(await publisher.admin.post('/split', { name: 'Track', scope: { isrc: 'DEA622500001' }, shares }));
  await publisher.settledHere();
  await reconciled(exact);

  const second = await upload('202509');
  await reconciled(exact * 2);
  const late = { userId: bob, scope: 'label', match: 'Nobody', sharePercent: '50' };
  expect(await publisher.admin.post('/royalties/contracts', late)).toMatchObject({ status: 201 });
  await eventually(async () => expect((await reconciliation()).gross).toBeCloseTo(exact * 2 + 99, 9));
  const withLate = (await reconciliation()).gross;
  await reconciled(withLate);

  const paid = await publisher.admin.post('/payment', { userId: bob, amount: '12.34', transactionDate: '2025-10-01' });
  expect(paid.status).toBe(201);
  expect(await reconciliation()).toMatchObject({ payments: 12.34, summaryPayments: 12.34 });

  expect(
    await publisher.admin.post(`/royalties/statements/${second.id}/void`, { reason: 'wrong month' }),
  ).toMatchObject({ status: 200 });
  await eventually(async () => expect((await reconciliation()).gross).toBeCloseTo(exact + 49.5, 9));
  await reconciled((await reconciliation()).gross);
  expect(await publisher.admin.delete(`/split/${split}`)).toMatchObject({ status: 200 });
  await publisher.settledHere();
  await reconciled((await reconciliation()).gross);
  expect(await publisher.recalculated()).toBe(0);
}, 90_000);

it('is shown exactly, with both sides converted at the rate of the reporting month', async () => {
  const dollars = { userId: bob, scope: 'label', match: 'Dollars', sharePercent: '100' };
  expect(await publisher.admin.post('/royalties/contracts', dollars)).toMatchObject({ status: 201 });
  await publisher.publish([publisher.row({ amount: '0.0000000003' })], { currency: 'USD', reportingMonth: '202508' });
  await publisher.settled();
  const rate = { from: 'USD', to: 'EUR', month: '2025-08', rate: '0.123456789012' };
  expect(await publisher.admin.post('/accounting/exchange-rates', rate)).toMatchObject({ status: 201 });
  await publisher.settled();
  const { text } = await publisher.admin.get('/accounting/reconciliation');
  expect(text).toContain('"gross":0.0000000000370370367036');
});

it('makes revenue of statements where the tenant wants that, and takes it back with them', async () => {
  const settings = await publisher.admin.patch(`/tenant/${publisher.tenant.id}`, { autoRevenue: { royalties: true } });
  expect(settings.status).toBe(200);
  await eventually(async () => {
    const [tenant] = await publisher.sql<{ auto_revenue: string[] }[]>(
      'SELECT auto_revenue FROM known_tenant WHERE tenant_id = $1',
    );
    expect(tenant!.auto_revenue).toContain('royalties');
  });
  const revenues = async () => {
    const { json } = await publisher.admin.get('/accounting/transactions?type=revenue');
    return (json as { transaction: { amount: number; status: string }[] }).transaction;
  };
  const first = await upload('202508');
  expect(first.net).toBe(113.6333333334);
  await eventually(async () => expect(await revenues()).toMatchObject([{ amount: 113.63, status: 'booked' }]));
  await publisher.admin.post(`/royalties/statements/${first.id}/void`, { reason: 'wrong' });
  await eventually(async () => expect(await revenues()).toMatchObject([{ status: 'voided' }]));

  const body = {
    statementId: 900_001,
    distributor: 'KONTOR',
    reportingMonth: '202508',
    currency: 'USD',
    net: '10',
    completedAt: '2025-09-03T10:00:00.000Z',
  };
  const voided = { ...body, voidedAt: '2025-09-04T10:00:00.000Z', reason: 'wrong' };
  // Taken back before it was heard of: it never becomes revenue.
  await publisher.tellOther('royalties.statement.voided', voided);
  await publisher.tellOther('royalties.statement.completed', body);
  await publisher.tellOther('royalties.statement.completed', { ...body, statementId: 900_002 });
  await eventually(async () => {
    const facts = await publisher.sql(`SELECT FROM revenue_fact WHERE tenant_id = $1 AND source LIKE '%90000%'`);
    expect(facts).toHaveLength(2);
  });
  expect(await revenues()).toHaveLength(1);
  const rate = { from: 'USD', to: 'EUR', month: '2025-08', rate: '0.5' };
  expect(await publisher.admin.post('/accounting/exchange-rates', rate)).toMatchObject({ status: 201 });
  await eventually(async () =>
    expect(await revenues()).toMatchObject([{ status: 'voided' }, { amount: 5, status: 'booked' }]),
  );
  expect(await publisher.admin.post('/accounting/exchange-rates', { ...rate, rate: '0.6' })).toMatchObject({
    status: 409,
  });
}, 60_000);
