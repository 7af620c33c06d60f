import * as fc from 'fast-check';

/** What can be done to a ledger. */
export type Step =
  | {
      do: 'book';
      key: string;
      kind: string;
      occurredOn: string;
      from: string;
      to: string;
      amount: string;
      currency: string;
    }
  | { do: 'reverse'; which: number }
  | { do: 'close' | 'reopen'; month: string }
  | { do: 'fold'; howMany: number };

const months = ['2026-01', '2026-02', '2026-03'];
const accounts = ['cash', 'revenue', 'royalties-payable:ada', 'royalties-payable:bob'];
const aDay = fc
  .tuple(fc.constantFrom(...months), fc.constantFrom('01', '02', '15', '28'))
  .map(([month, day]) => `${month}-${day}`);

/** Keys come again now and then, with the same content: a second booking of it must have no effect. */
const aBooking = fc
  .record({
    kind: fc.constantFrom('payment', 'earnings'),
    occurredOn: aDay,
    from: fc.constantFrom(...accounts),
    to: fc.constantFrom(...accounts),
    amount: fc.constantFrom('0.000000000001', '33.3333333333', '1', '250.5', '100000000000000000000'),
    currency: fc.constantFrom('EUR', 'JPY'),
    copy: fc.integer({ min: 0, max: 3 }),
  })
  .filter(({ from, to }) => from !== to)
  .map((content): Step => ({ do: 'book', key: Object.values(content).join(' '), ...content }));

export const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: aBooking },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('reverse' as const), which: fc.nat(50) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('close' as const, 'reopen' as const),
        month: fc.constantFrom(...months),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('fold' as const), howMany: fc.integer({ min: 1, max: 6 }) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/** Pages of an account's entries, with a range of days or without. */
export const pages = fc.record(
  { limit: fc.integer({ min: 1, max: 5 }), from: aDay, until: aDay },
  { requiredKeys: ['limit'] },
);

interface Line {
  journalId: number;
  bookedOn: string;
  kind: string;
  account: string;
  currency: string;
  /** Whole numbers of the twelfth decimal. */
  units: bigint;
}

interface ModelJournal {
  id: number;
  lines: Line[];
}

interface Booked {
  id: number;
  bookedOn: string;
  isNew: boolean;
}

/** A ledger as a plain list of lines: every figure is a sum over all of it. */
export class LedgerModel {
  readonly closed = new Set<string>();
  readonly accounts = accounts;
  readonly days = ['2025-12-31', '2026-01-02', '2026-01-31', '2026-02-15', '2026-03-01', '2026-04-30'];
  private readonly lines: Line[] = [];
  private readonly keys = new Map<string, number>();
  private readonly open: ModelJournal[] = [];

  book({ key, kind, occurredOn, from, to, amount, currency }: Step & { do: 'book' }, { id, isNew }: Booked): void {
    if (isNew === this.keys.has(key)) throw new Error(`${key} is ${isNew ? '' : 'not '}new to the ledger`);
    if (!isNew) return;
    this.keys.set(key, id);
    const line = { journalId: id, bookedOn: this.firstOpenDay(occurredOn), kind, currency };
    const units = unitsOf(amount);
    this.add(id, [
      { ...line, account: to, units },
      { ...line, account: from, units: -units },
    ]);
  }

  /** One of the journals that nobody has reversed. */
  reversible(which: number): ModelJournal | undefined {
    return this.open[which % this.open.length];
  }

  reverse(original: ModelJournal, { id }: Booked): void {
    this.open.splice(this.open.indexOf(original), 1);
    this.add(
      id,
      original.lines.map((line) => ({
        ...line,
        journalId: id,
        bookedOn: this.firstOpenDay(line.bookedOn),
        units: -line.units,
      })),
    );
  }

  balances(asOf = '9999-12-31') {
    const sums = this.sums(asOf, ({ account, currency }) => `${account} ${currency}`);
    return [...sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, units]) => {
        const [account, currency] = key.split(' ') as [string, string];
        return { account, currency, amount: decimal(units) };
      });
  }

  trialBalance(through = '9999-12'): Map<string, [debit: string, credit: string]> {
    const sums = this.sums(`${through}-31`, ({ account, currency }) => `${account.split(':')[0]} ${currency}`);
    return new Map([...sums].map(([key, units]) => [key, units > 0n ? [decimal(units), '0'] : ['0', decimal(-units)]]));
  }

  /** Oldest first. */
  entries(account: string, currency: string, { from = '', until = '~' }: { from?: string; until?: string }) {
    let balance = 0n;
    return this.lines
      .filter((line) => line.account === account && line.currency === currency)
      .toSorted((a, b) => (a.bookedOn === b.bookedOn ? a.journalId - b.journalId : a.bookedOn < b.bookedOn ? -1 : 1))
      .map(({ journalId, bookedOn, kind, units }) => {
        balance += units;
        return { journalId, bookedOn, kind, amount: decimal(units), balance: decimal(balance) };
      })
      .filter(({ bookedOn }) => from <= bookedOn && bookedOn < until);
  }

  private add(id: number, lines: Line[]): void {
    this.lines.push(...lines);
    this.open.push({ id, lines });
  }

  private sums(asOf: string, keyOf: (line: Line) => string): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const line of this.lines)
      if (line.bookedOn <= asOf) sums.set(keyOf(line), (sums.get(keyOf(line)) ?? 0n) + line.units);
    return sums;
  }

  private firstOpenDay(day: string): string {
    const date = new Date(`${day}T00:00:00Z`);
    while (this.closed.has(date.toISOString().slice(0, 7))) date.setUTCDate(date.getUTCDate() + 1);
    return date.toISOString().slice(0, 10);
  }
}

const decimals = 12;
const unitsOf = (amount: string): bigint => {
  const [integer = '', fraction = ''] = amount.split('.');
  return BigInt(integer + fraction.padEnd(decimals, '0'));
};
const decimal = (units: bigint): string => {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '');
  return units < 0n ? `-${text}` : text;
};
