import { sum } from '@countinghouse/money';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { chart, payment } from '../test/ledger.js';
import { type BookedJournal, credit, debit, journal, mergePostings, type Posting, reversalOf } from './journal.js';

const draft = { kind: 'payment', key: 'payment:42', occurredOn: '2026-02-03' };

describe('journal', () => {
  it('merges postings of the same account and currency, and leaves out what cancels out', () => {
    const { postings } = journal(chart, {
      ...draft,
      postings: [
        credit('cash', 'EUR', '20.00'),
        debit('royalties-payable:ada', 'EUR', '25'),
        debit('expense', 'EUR', '0.5'),
        credit('cash', 'EUR', '5'),
        credit('expense', 'EUR', '0.50'),
        debit('cash', 'USD', '1'),
        credit('revenue', 'USD', '1.0'),
      ],
    });
    expect(postings).toEqual([
      { account: 'cash', currency: 'EUR', amount: '-25' },
      { account: 'royalties-payable:ada', currency: 'EUR', amount: '25' },
      { account: 'cash', currency: 'USD', amount: '1' },
      { account: 'revenue', currency: 'USD', amount: '-1' },
    ]);
  });

  it('keeps every decimal of a derived amount', () => {
    const share = '33.333333333333333333333333333333';
    expect(payment('p', share).postings.map(({ amount }) => amount)).toEqual([`-${share}`, share]);
  });

  it.each<[string, Partial<Parameters<typeof journal>[1]>, string]>([
    [
      'is unbalanced',
      { postings: [debit('cash', 'EUR', '1'), credit('revenue', 'EUR', '0.9999999999999999')] },
      'differ by 0.0000000000000001',
    ],
    [
      'balances only across currencies',
      { postings: [debit('cash', 'EUR', '1'), credit('revenue', 'USD', '1')] },
      'debits and credits in EUR differ by 1',
    ],
    ['is empty', { postings: [] }, 'it has no postings'],
    [
      'says nothing in the end',
      { postings: [debit('cash', 'EUR', '1'), credit('cash', 'EUR', '1')] },
      'cancel each other out',
    ],
    [
      'has a posting of zero',
      { postings: [debit('cash', 'EUR', '0.00'), credit('revenue', 'EUR', '0')] },
      'the posting to cash is zero',
    ],
    [
      'has an amount in exponent form',
      { postings: [{ account: 'cash', currency: 'EUR', amount: '1e3' }] },
      '1e3 is no exact amount (cash)',
    ],
    ['has no number', { postings: [{ account: 'cash', currency: 'EUR', amount: 'NaN' }] }, 'NaN is no exact amount'],
    [
      'has an unknown account',
      { postings: [debit('petty-cash', 'EUR', '1'), credit('revenue', 'EUR', '1')] },
      'There is no account type petty-cash',
    ],
    [
      'has an unknown currency',
      { postings: [debit('cash', 'eur', '1'), credit('revenue', 'eur', '1')] },
      'eur is no currency code',
    ],
    ['is of no kind', { kind: 'Zahlung!' }, 'its kind must be a word'],
    ['has no key', { key: '' }, 'its key must have 1 to 500 characters'],
    ['has a key that the database would change', { key: 'payment:\ud83d' }, 'its key must have 1 to 500 characters'],
    ['has no book', { book: '' }, 'its book must have a name'],
    ['happened on no day', { occurredOn: '2026-02-30' }, '2026-02-30 is no day'],
    [
      'is booked before it happened',
      { bookedOn: '2026-02-02' },
      'it cannot be booked on 2026-02-02, before 2026-02-03',
    ],
  ])('refuses one that %s', (_, wrong, message) => {
    expect(() =>
      journal(chart, { ...draft, postings: [debit('cash', 'EUR', '1'), credit('revenue', 'EUR', '1')], ...wrong }),
    ).toThrow(message);
  });
});

const accounts = ['cash', 'revenue', 'expense', 'returns', 'royalties-payable:ada', 'royalties-payable:bob'];
const anAmount = fc
  .tuple(fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }), fc.integer({ min: 0, max: 25 }))
  .filter(([units]) => units !== 0n)
  .map(([units, scale]) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
    return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${fraction}`;
  });
const aPosting = fc.record({
  account: fc.constantFrom(...accounts),
  currency: fc.constantFrom('EUR', 'JPY'),
  amount: anAmount,
});

/** An independent sum: whole numbers of the 25th decimal. */
const unitsOf = (amount: string): bigint => {
  const [integer = '', fraction = ''] = amount.split('.');
  return BigInt(integer + fraction.padEnd(25, '0'));
};
const totalsOf = (postings: readonly Posting[], by: (posting: Posting) => string): Map<string, bigint> => {
  const totals = new Map<string, bigint>();
  for (const posting of postings) totals.set(by(posting), (totals.get(by(posting)) ?? 0n) + unitsOf(posting.amount));
  for (const [key, total] of totals) if (total === 0n) totals.delete(key);
  return totals;
};
const byAccount = ({ account, currency }: Posting) => `${account} ${currency}`;
const byCurrency = ({ currency }: Posting) => currency;

describe('any journal', () => {
  const balanced = fc.array(aPosting, { maxLength: 12 }).map((postings) => {
    const rest = [...Map.groupBy(postings, byCurrency)].map(([currency, parts]) =>
      credit('distributor-receivable', currency, sum(parts.map(({ amount }) => amount))),
    );
    return [...postings, ...rest.filter(({ amount }) => amount !== '0')];
  });
  const isSomething = (postings: Posting[]) => totalsOf(postings, byAccount).size > 0;

  it('that is balanced is taken, and says the same as what was written down', () => {
    fc.assert(
      fc.property(balanced.filter(isSomething), (postings) => {
        const made = journal(chart, { ...draft, postings });
        expect(totalsOf(made.postings, byAccount)).toEqual(totalsOf(postings, byAccount));
        expect(totalsOf(made.postings, byCurrency).size).toBe(0);
        expect(made.postings.length).toBe(totalsOf(postings, byAccount).size);
      }),
    );
  });

  it('that is not balanced in each currency is refused', () => {
    fc.assert(
      fc.property(fc.array(aPosting, { minLength: 1 }), (postings) => {
        const make = () => journal(chart, { ...draft, postings });
        if (totalsOf(postings, byCurrency).size > 0) expect(make).toThrow('differ by');
        else if (isSomething(postings)) expect(make).not.toThrow();
      }),
    );
  });

  it('has one payload hash however its postings are ordered and written, and another for other content', () => {
    fc.assert(
      fc.property(balanced.filter(isSomething), fc.nat(), (postings, seed) => {
        const shuffled = postings.toSorted(
          (a, b) => ((a.amount.length * 31 + seed) % 7) - ((b.amount.length * 31 + seed) % 7),
        );
        const { payloadHash } = journal(chart, { ...draft, postings });
        expect(journal(chart, { ...draft, postings: mergePostings(shuffled) }).payloadHash).toBe(payloadHash);
        expect(journal(chart, { ...draft, bookedOn: '2026-03-01', postings }).payloadHash).toBe(payloadHash);
        for (const other of [
          { kind: 'fee' },
          { occurredOn: '2026-02-02' },
          { memo: 'x' },
          { source: 'x' },
          { book: 'x' },
        ])
          expect(journal(chart, { ...draft, postings, ...other }).payloadHash).not.toBe(payloadHash);
        const doubled = journal(chart, { ...draft, postings: [...postings, ...postings] });
        expect(doubled.payloadHash).not.toBe(payloadHash);
      }),
    );
  });

  it('and its reversal sum to zero on every account', () => {
    fc.assert(
      fc.property(balanced.filter(isSomething), (postings) => {
        const original: BookedJournal = { ...journal(chart, { ...draft, postings }), id: 7, bookedAt: new Date(0) };
        const reversal = reversalOf(original, { key: 'void:42', bookedOn: '2026-03-01' });
        expect(totalsOf([...original.postings, ...reversal.postings], byAccount).size).toBe(0);
        expect(reversal).toMatchObject({
          reverses: 7,
          kind: 'payment',
          occurredOn: '2026-02-03',
          bookedOn: '2026-03-01',
        });
      }),
    );
  });
});

it('does not reverse before the day of the original', () => {
  const original: BookedJournal = { ...payment('p', '1', { bookedOn: '2026-03-01' }), id: 1, bookedAt: new Date(0) };
  expect(() => reversalOf(original, { key: 'v', bookedOn: '2026-02-28' })).toThrow('before 2026-03-01');
});
