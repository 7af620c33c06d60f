import { describe, expect, it } from '@jest/globals';
import { adjustmentJournals, earningsJournal, requireAll } from './earnings-journal.js';
import { expenseJournal, paymentJournal, revenueJournal } from './entry-journals.js';

const entry = { id: 7, amount: '100', currency: 'EUR', occurredOn: '2025-09-01', title: 'Title', memo: null };
const days = { occurredOn: '2025-09-01', bookedOn: '2025-10-01' };
const [ada, bob] = ['0198c0de-0000-7000-8000-00000000000a', '0198c0de-0000-7000-8000-00000000000b'] as const;
const postingsOf = (journal: { postings: readonly { account: string; amount: string }[] } | null) =>
  Object.fromEntries(journal!.postings.map(({ account, amount }) => [account, amount]));

describe('entries in the book', () => {
  it('a payment is less owed and less cash', () => {
    const journal = paymentJournal({ ...entry, userId: ada });
    expect(journal).toMatchObject({ kind: 'payment', key: 'payment:7', source: 'Title' });
    expect(postingsOf(journal)).toEqual({ [`royalties-payable:${ada}`]: '100', cash: '-100' });
  });

  it('revenue is cash, or owed by the distributor whose statement it is from', () => {
    expect(postingsOf(revenueJournal(entry, null))).toEqual({ cash: '100', revenue: '-100' });
    expect(postingsOf(revenueJournal(entry, 'KONTOR'))).toEqual({
      'distributor-receivable:KONTOR': '100',
      revenue: '-100',
    });
  });

  it('what users bear of an expense is taken from what they are owed, to the last digit', () => {
    const shares = [
      { userId: ada, share: '33.3333' },
      { userId: bob, share: '66.6667' },
    ];
    expect(postingsOf(expenseJournal({ ...entry, amount: '0.01' }, shares))).toEqual({
      expense: '0.01',
      cash: '-0.01',
      [`royalties-payable:${ada}`]: '0.00333333',
      [`recoupment:${ada}`]: '-0.00333333',
      [`royalties-payable:${bob}`]: '0.00666667',
      [`recoupment:${bob}`]: '-0.00666667',
    });
    expect(postingsOf(expenseJournal(entry, []))).toEqual({ expense: '100', cash: '-100' });
  });
});

describe('earnings in the book', () => {
  const earnings = { id: 3, withdraws: null, statementId: 12, distributor: 'KONTOR', month: '2025-08', total: '1.5' };

  it('are owed by the distributor, and owed to the users', () => {
    const journal = earningsJournal(
      earnings,
      [
        { userId: ada, amount: '2' },
        { userId: bob, amount: '-0.5' },
      ],
      'EUR',
      days,
    );
    expect(journal).toMatchObject({ ...days, kind: 'earnings', source: 'statement 12, KONTOR 2025-08' });
    expect(postingsOf(journal)).toEqual({
      'distributor-receivable:KONTOR': '1.5',
      [`royalties-payable:${ada}`]: '-2',
      [`royalties-payable:${bob}`]: '0.5',
    });
  });

  it('of nothing are no journal', () => {
    expect(earningsJournal({ ...earnings, total: '0' }, [{ userId: ada, amount: '0' }], 'EUR', days)).toBeNull();
  });

  it('that do not come to what was earned are refused', () => {
    expect(() => earningsJournal(earnings, [{ userId: ada, amount: '1.4' }], 'EUR', days)).toThrow(
      'Earnings 3 come to 1.5, but their users would get 1.4',
    );
  });

  it('are adjusted by differences only', () => {
    const about = { key: 'adjustment:4', source: 'changed splits', on: '2025-09-02' };
    const users = [ada, bob].map((userId, at) => ({ userId, amount: at === 0 ? '-0.25' : '0.0' }));
    const [journal, ...more] = adjustmentJournals(users, 'EUR', about);
    expect(more).toEqual([]);
    expect(journal).toMatchObject({ kind: 'adjustment', key: `adjustment:4:${ada}` });
    expect(postingsOf(journal!)).toEqual({ 'unallocated-royalties': '-0.25', [`royalties-payable:${ada}`]: '0.25' });
  });

  it('are refused when they are more or less than all', () => {
    expect(() => requireAll('All', '1', ['0.5', '0.50'])).not.toThrow();
    expect(() => requireAll('All', '1', ['0.5', '0.4'])).toThrow('All come to 1, but their users would get 0.9');
  });
});
