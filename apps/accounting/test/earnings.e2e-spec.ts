import { eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { EarningsPublisher } from './earnings-publisher.js';

let platform: Platform;
let publisher: EarningsPublisher;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
}, 90_000);
afterAll(() => platform?.stop(), 30_000);
beforeEach(async () => {
  publisher = await EarningsPublisher.open(platform);
}, 30_000);
afterEach(() => publisher.close());

const reconciliation = async () =>
  (await publisher.admin.get('/accounting/reconciliation')).json as {
    delayed: { currency: string; month: string; amount: number; reason: string }[];
    postingsSum: number;
    unallocated: number;
  };
const delayedInQueue = async () =>
  ((await publisher.admin.get('/accounting/queue/status')).json as { queue: { delayed: number } }).queue.delayed;
const setRate = (rate: string, more: object = {}) =>
  publisher.admin.post('/accounting/exchange-rates', { from: 'USD', to: 'EUR', month: '2025-08', rate, ...more });

describe('earnings that are published', () => {
  it('are credited to the last digit, with what they are of', async () => {
    const { memberId } = publisher.tenant;
    await publisher.publish([
      publisher.row({ amount: '0.0000000001' }),
      publisher.row({ store: 'Apple Music', country: 'SE', usageType: 'download', quantity: 2, amount: '2' }),
      publisher.row({ isrc: '', upc: '', artist: '', label: '', usageType: 'other', amount: '0.5' }),
    ]);
    await publisher.settled();
    expect(await publisher.gross()).toEqual({ [memberId]: '2.5000000001' });
    const { json } = await publisher.admin.get(`/accounting/${memberId}/stats?include=royalty`);
    expect(json).toMatchObject({
      Royalty_Share: 2.5,
      due: 2.5,
      royaltySummary: { Streams: 10, Downloads: 2, Downloads_Royalty: 2 },
    });
    expect(await publisher.recalculated()).toBe(0);
  });

  it('and taken back leave nothing, whichever of the two is heard of first', async () => {
    const first = await publisher.publish([publisher.row()]);
    await publisher.settled();
    await publisher.withdraw(first);
    const second = await publisher.store([publisher.row({ amount: '7' })]);
    await publisher.withdraw(second);
    await publisher.settled();
    expect(await publisher.gross()).toEqual({});
    await publisher.tell('royalties.earnings.published', second);
    await publisher.settled();
    expect(await publisher.gross()).toEqual({});
    expect(await publisher.sql('SELECT FROM royalty_total WHERE tenant_id = $1')).toEqual([]);
    expect(await publisher.recalculated()).toBe(0);
  });

  it('are everybody’s own, also when they come to nothing together', async () => {
    const { id } = await openMember(platform.url, publisher.admin);
    await publisher.publish([publisher.row({ amount: '-3' }), publisher.row({ owner: id, amount: '3' })]);
    await publisher.settled();
    expect(await publisher.gross()).toEqual({ [publisher.tenant.memberId]: '-3', [id]: '3' });
    expect(await reconciliation()).toMatchObject({ gross: 0, postingsSum: 0, unallocated: 0 });
  });
});

describe('earnings whose file cannot be read', () => {
  it('wait, are shown, hold up nobody, and go on by themselves when the file is there', async () => {
    const lost = await publisher.store([publisher.row({ amount: '5' })]);
    const putBack = await publisher.lose(lost);
    await publisher.tell('royalties.earnings.published', lost);
    await publisher.publish([publisher.row({ amount: '1' })]);
    await eventually(async () => expect(await publisher.gross()).toEqual({ [publisher.tenant.memberId]: '1' }));
    await eventually(async () => {
      expect((await reconciliation()).delayed).toEqual([
        {
          currency: 'EUR',
          month: '2025-08',
          amount: 5,
          reason: `Earnings ${lost.earningsId}: their file is not in the object storage`,
        },
      ]);
      expect(await delayedInQueue()).toBe(1);
    });
    await putBack();
    await eventually(async () => expect(await publisher.gross()).toEqual({ [publisher.tenant.memberId]: '6' }));
    expect((await reconciliation()).delayed).toEqual([]);
  }, 60_000);

  it('are not taken from another file than the one that was published', async () => {
    const { earningsId } = await publisher.publish([publisher.row()], { sha256: '0'.repeat(64) });
    await eventually(async () => {
      const [delayed] = (await reconciliation()).delayed;
      expect(delayed).toMatchObject({
        reason: expect.stringContaining(`Earnings ${earningsId}: their file is not the one`),
      });
    });
    expect(await publisher.gross()).toEqual({});
  }, 60_000);

  it('need no file any more when they were taken back before they were booked', async () => {
    const lost = await publisher.store([publisher.row({ amount: '5' })]);
    await publisher.lose(lost);
    await publisher.tell('royalties.earnings.published', lost);
    await eventually(async () => expect((await reconciliation()).delayed).toHaveLength(1));
    await publisher.withdraw(lost);
    await eventually(async () => expect((await reconciliation()).delayed).toEqual([]));
    await publisher.settled();
    expect(await publisher.gross()).toEqual({});
  }, 60_000);
});

describe('earnings in another currency', () => {
  it('wait for the rate of their month, are shown, and are converted once', async () => {
    const usd = { currency: 'USD', reportingMonth: '202508' };
    const earnings = await publisher.publish([publisher.row({ amount: '2' })], usd);
    await publisher.settled();
    expect(await publisher.gross()).toEqual({});
    expect((await reconciliation()).delayed).toEqual([
      { currency: 'USD', month: '2025-08', amount: 2, reason: 'There is no exchange rate' },
    ]);
    expect(await delayedInQueue()).toBe(1);
    // No rate is carried over from another month, and one that nothing is converted with may be corrected.
    expect(await setRate('0.8', { month: '2025-07' })).toMatchObject({ status: 201 });
    expect(await setRate('0.81', { month: '2025-07' })).toMatchObject({ status: 201, json: { rate: 0.81 } });
    await publisher.settled();
    expect(await publisher.gross()).toEqual({});

    expect(await setRate('0.9')).toMatchObject({ status: 201 });
    await publisher.settled();
    expect(await publisher.gross()).toEqual({ [publisher.tenant.memberId]: '1.8' });
    expect((await reconciliation()).delayed).toEqual([]);
    expect(await setRate('0.95')).toMatchObject({ status: 409 });
    const { json } = await publisher.admin.get('/accounting/exchange-rates?from=USD&month=2025-08');
    expect(json).toMatchObject({ total: 1, items: [{ from: 'USD', to: 'EUR', rate: 0.9, isUsed: true }] });

    await publisher.publish([publisher.row({ amount: '1' })], usd);
    await publisher.withdraw(earnings);
    await publisher.settled();
    expect(await publisher.gross()).toEqual({ [publisher.tenant.memberId]: '0.9' });
    expect(await publisher.recalculated()).toBe(0);
  });

  it.each<[string, object, number, string]>([
    ['to another currency than the tenant has', { to: 'SEK' }, 422, 'to must be EUR'],
    ['from the tenant’s own', { from: 'EUR' }, 422, 'from must be another currency'],
    ['of a month that there is not', { month: '2025-13' }, 400, 'month'],
    ['of a month in another form', { month: '202508' }, 400, 'month'],
    ['of nothing', { rate: '0' }, 400, 'rate'],
    ['less than nothing', { rate: '-1' }, 400, 'rate'],
    ['with an exponent', { rate: '1e3' }, 400, 'rate'],
  ])('have no rate %s', async (_, wrong, status, said) => {
    const answer = await setRate('0.9', wrong);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(said)]);
  });
});
