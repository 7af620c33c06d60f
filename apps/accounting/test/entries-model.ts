/** Amounts are whole numbers of this decimal, so that nothing is ever rounded before it is shown. */
const decimals = 20;

export const unitsOf = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0'));
};

/** As JSON has it, with all decimals. */
export const exact = (units: bigint): number => {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  return Number(`${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
};

const cent = 10n ** BigInt(decimals - 2);

/** As people see it: to the cent, a half goes away from zero. */
export const shown = (units: bigint): number => {
  const half = units < 0n ? -cent / 2n : cent / 2n;
  return Number((units + half) / cent) / 100;
};

export type EntryKind = 'payment' | 'revenue' | 'expense' | 'paymentRequest';

export interface ModelEntry {
  id: number;
  type: EntryKind;
  status: string;
  units: bigint;
  /** Day that it counts for. */
  day: string;
  userId: string | null;
}

interface Change {
  userId: string;
  kind: 'earnings' | 'expense' | 'payment';
  units: bigint;
  bookedOn: string;
  /** The entry that made it. */
  of: number | null;
}

export interface Filter {
  start?: string | undefined;
  end?: string | undefined;
  type?: EntryKind | undefined;
  userId?: string | undefined;
}

export interface Part {
  userId: string;
  share: string;
}

/** What users earned, what people entered, and what that comes to; told without a database or a ledger. */
export class EntriesModel {
  readonly closed = new Set<string>();
  readonly entries: ModelEntry[] = [];
  private readonly changes: Change[] = [];

  figures(userId: string) {
    const sum = (wanted: (change: Change) => boolean) =>
      this.changes
        .filter((change) => change.userId === userId && wanted(change))
        .reduce((sum, { units }) => sum + units, 0n);
    return {
      gross: sum(({ kind }) => kind === 'earnings'),
      net: sum(({ kind }) => kind !== 'payment'),
      paid: -sum(({ kind }) => kind === 'payment'),
      due: sum(() => true),
    };
  }

  isInBook(userId: string): boolean {
    return this.changes.some((change) => change.userId === userId);
  }

  /** Whole cents of what is due; less than nothing is nothing. */
  payableCents(userId: string): bigint {
    const { due } = this.figures(userId);
    return due < 0n ? 0n : due / cent;
  }

  isClosed(day: string): boolean {
    return this.closed.has(day.slice(0, 7));
  }

  firstOpenDay(day: string): string {
    let open = day;
    while (this.isClosed(open)) {
      const [year, month] = open.split('-').map(Number) as [number, number];
      open = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
    }
    return open;
  }

  earn(userId: string, amount: string, today: string): void {
    this.changes.push({
      userId,
      kind: 'earnings',
      units: unitsOf(amount),
      bookedOn: this.firstOpenDay(today),
      of: null,
    });
  }

  add(entry: Omit<ModelEntry, 'units'> & { amount: string }, recoupedFrom: readonly Part[] = []): void {
    const { amount, ...rest } = entry;
    const units = unitsOf(amount);
    this.entries.push({ ...rest, units });
    const { id: of, day: bookedOn } = entry;
    if (entry.type === 'payment')
      this.changes.push({ userId: entry.userId!, kind: 'payment', units: -units, bookedOn, of });
    for (const { userId, share } of recoupedFrom) {
      const part = (units * BigInt(share.replace('.', ''))) / 1_000_000n;
      this.changes.push({ userId, kind: 'expense', units: -part, bookedOn, of });
    }
  }

  void(id: number): void {
    this.entry(id).status = 'voided';
    for (const change of this.changes.filter(({ of }) => of === id))
      this.changes.push({ ...change, units: -change.units, bookedOn: this.firstOpenDay(change.bookedOn), of: null });
  }

  entry(id: number): ModelEntry {
    return this.entries.find((entry) => entry.id === id)!;
  }

  /** Newest first. */
  list({ start = '', end = '~', type, userId }: Filter = {}): ModelEntry[] {
    return this.entries
      .filter(({ day }) => start <= day && day <= end)
      .filter((entry) => (type ?? entry.type) === entry.type && (userId ?? entry.userId) === entry.userId)
      .sort((a, b) => (a.day === b.day ? b.id - a.id : a.day < b.day ? 1 : -1));
  }

  totals(filter: Filter = {}) {
    const booked = this.list(filter).filter(({ status }) => status === 'booked');
    const of = (wanted: EntryKind) =>
      booked.filter(({ type }) => type === wanted).reduce((sum, { units }) => sum + units, 0n);
    const [payment, revenue, expense] = [of('payment'), of('revenue'), of('expense')];
    return { payment, revenue, expense, net: revenue - payment - expense };
  }

  months({ start, end }: Filter) {
    const days = this.entries.map(({ day }) => day).sort();
    const first = start ?? days[0] ?? '9999-12';
    const last = end ?? days.at(-1) ?? '';
    const months = [];
    for (let month = first.slice(0, 7); month <= last; month = monthAfter(month)) {
      const within = { start: max(start, `${month}-01`), end: min(end, `${month}-31`) };
      months.push({ month: `${month}-01`, ...this.totals(within) });
    }
    return months;
  }

  /** Oldest first, with what was due after each. */
  ledger(userId: string) {
    let balance = 0n;
    return this.changes
      .filter((change) => change.userId === userId)
      .sort((a, b) => (a.bookedOn < b.bookedOn ? -1 : a.bookedOn > b.bookedOn ? 1 : 0)) // stable: then as booked
      .map(({ kind, units, bookedOn }) => {
        balance += units;
        return { date: bookedOn, kind, amount: exact(units), balance: exact(balance) };
      });
  }
}

const max = (a: string | undefined, b: string) => (a !== undefined && a > b ? a : b);
const min = (a: string | undefined, b: string) => (a !== undefined && a < b ? a : b);

const monthAfter = (month: string): string => {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
};
