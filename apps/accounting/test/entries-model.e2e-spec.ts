import { type Answer, type Api, eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { exact, EntriesModel, type Filter, type Part, shown } from './entries-model.js';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
}, 60_000);
afterAll(() => platform?.stop(), 30_000);

const months = ['2024-11', '2024-12', '2025-01', '2025-02', '2025-03'];
const someone = fc.nat({ max: 3 });
const day = fc
  .tuple(fc.constantFrom(...months), fc.constantFrom(1, 2, 15, 27, 28))
  .map(([month, date]) => `${month}-${String(date).padStart(2, '0')}`);
const maybeDay = fc.option(day, { nil: undefined });
/** With up to ten decimals. */
const amountUpTo = (most: number) =>
  fc
    .tuple(fc.nat({ max: most }), fc.stringMatching(/^\d{1,10}$/))
    .map(([whole, fraction]) => `${whole}.${fraction}`)
    .filter((text) => /[1-9]/.test(text));
const amount = amountUpTo(999);
const cents = fc.integer({ min: 1, max: 9_999 }).map((count) => (count / 100).toFixed(2));
/** Shares of three users that are all together: 33.3333, 12.5, and the rest. */
const shares = fc
  .tuple(fc.integer({ min: 1, max: 499_999 }), fc.integer({ min: 1, max: 499_999 }))
  .map(([a, b]) => [a, b, 1_000_000 - a - b].map((part) => (part / 10_000).toFixed(4)));

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('earn' as const), user: someone, amount: amountUpTo(9999) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      user: someone,
      how: fc.constantFrom('some', 'all', 'too much', 'ahead'),
      cents,
      day,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('revenue' as const), amount, day }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('expense' as const),
      borneBy: fc.constantFrom('nobody', 'one', 'several', 'named'),
      user: someone,
      shares,
      amount,
      day,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('void' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), user: someone, cents }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      which: fc.nat(),
      how: fc.constantFrom('approve', 'decline', 'pay'),
      day,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('period' as const), which: fc.nat({ max: months.length }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const looks = fc.record({
  start: maybeDay,
  end: maybeDay,
  type: fc.constantFrom(
    undefined,
    'payment' as const,
    'revenue' as const,
    'expense' as const,
    'paymentRequest' as const,
  ),
  user: fc.option(someone, { nil: undefined }),
  sort: fc.constantFrom('gross' as const, 'net' as const, 'paid' as const, 'due' as const),
  order: fc.constantFrom('ASC' as const, 'DESC' as const),
});

/** What was tried, and how it ended. */
const met = new Set<string>();

/** A book and the model of it; each step is done to both, and must be taken or refused by both. */
class Twins {
  readonly model = new EntriesModel();

  constructor(
    readonly office: EntriesOffice,
    /** Three members, and a clerk who is none. */
    readonly users: readonly { api: Api; id: string }[],
    readonly today: string,
  ) {}

  async take(step: Step): Promise<void> {
    const { model, office, today } = this;
    const { admin } = office;
    switch (step.kind) {
      case 'earn': {
        const { id } = this.users[step.user]!;
        await office.earn(step.amount, id);
        return model.earn(id, step.amount, today);
      }
      case 'pay':
        return this.pay(step);
      case 'revenue': {
        const { day, amount } = step;
        const answer = await admin.post('/revenue', { amount, transactionDate: day, title: 'Revenue' });
        if (this.isTaken('revenue', answer, model.isClosed(day) ? 422 : 201))
          model.add({ id: idOf(answer), type: 'revenue', status: 'booked', amount, day, userId: null });
        return;
      }
      case 'expense':
        return this.spend(step);
      case 'void': {
        const found = model.entries.filter(({ type }) => type !== 'paymentRequest');
        const entry = found[step.which % found.length];
        if (!entry) return;
        const answer = await admin.post(`/${entry.type}/${entry.id}/void`, { reason: 'wrong' });
        if (this.isTaken('void', answer, entry.status === 'voided' ? 409 : 200)) model.void(entry.id);
        return;
      }
      case 'ask': {
        const { api, id: userId } = this.users[step.user % 3]!;
        const isOpen = model.entries.some((entry) => entry.userId === userId && entry.status === 'open');
        const answer = await api.post('/payment-request', { amount: step.cents });
        if (this.isTaken('ask', answer, isOpen ? 409 : 201))
          model.add({
            id: idOf(answer),
            type: 'paymentRequest',
            status: 'open',
            amount: step.cents,
            day: today,
            userId,
          });
        return;
      }
      case 'answer':
        return this.answer(step);
      case 'period': {
        const month = [...months, today.slice(0, 7)][step.which]!;
        const isClosed = model.closed.has(month);
        const answer = await admin.post(`/accounting/periods/${month}/${isClosed ? 'reopen' : 'close'}`, {});
        this.isTaken(isClosed ? 'reopen' : 'close', answer, 200);
        if (isClosed) model.closed.delete(month);
        else model.closed.add(month);
      }
    }
  }

  private async pay({ user, how, cents, day }: Step & { kind: 'pay' }): Promise<void> {
    const { id: userId } = this.users[user]!;
    const due = this.model.payableCents(userId);
    const whole = { some: null, ahead: null, all: due === 0n ? null : due, 'too much': due + 1n }[how] ?? null;
    const amount = whole === null ? cents : `${whole / 100n}.${String(whole % 100n).padStart(2, '0')}`;
    const advance = how === 'ahead';
    const payable = advance || BigInt(amount.replace('.', '')) <= due;
    const answer = await this.office.pay(amount, { userId, transactionDate: day, advance });
    if (this.isTaken(how, answer, this.model.isClosed(day) || !payable ? 422 : 201))
      this.model.add({ id: idOf(answer), type: 'payment', status: 'booked', amount, day, userId });
  }

  private async spend({ borneBy, user, shares: parts, amount, day }: Step & { kind: 'expense' }): Promise<void> {
    const { id: userId } = this.users[user]!;
    const several: Part[] = parts.map((share, at) => ({ userId: this.users[at]!.id, share }));
    const whose = { nobody: {}, one: { userId }, named: { userId }, several: { shares: several } }[borneBy];
    const recoupable = borneBy === 'one' || borneBy === 'several';
    const expense = { amount, transactionDate: day, title: 'Expense', type: 'product', recoupable, ...whose };
    const answer = await this.office.admin.post('/expense', expense);
    if (!this.isTaken(borneBy, answer, this.model.isClosed(day) ? 422 : 201)) return;
    const one = borneBy === 'one' || borneBy === 'named' ? userId : null;
    const recouped = { nobody: [], named: [], one: [{ userId, share: '100.0000' }], several }[borneBy];
    this.model.add({ id: idOf(answer), type: 'expense', status: 'booked', amount, day, userId: one }, recouped);
  }

  private async answer({ which, how, day }: Step & { kind: 'answer' }): Promise<void> {
    const { model, office, today } = this;
    const requests = model.entries.filter(({ type }) => type === 'paymentRequest');
    const open = requests.filter(({ status }) => status === 'open');
    const asked = (which % 2 > 0 && open[0]) || requests[which % requests.length];
    if (!asked) return;
    const { id, userId } = asked;
    const amount = exact(asked.units).toFixed(2);
    const path = `/payment-request/${id}`;
    const paidOn = how === 'pay' ? day : model.firstOpenDay(today);
    const answer =
      how === 'pay'
        ? await office.pay(amount, { userId, transactionDate: day, paymentRequestId: id })
        : await office.admin.post(`${path}/${how}`, how === 'decline' ? { reason: 'No' } : {});
    const taken = how === 'pay' ? 201 : 200;
    const impossible = model.isClosed(paidOn) || BigInt(amount.replace('.', '')) > model.payableCents(userId!);
    const expected = asked.status !== 'open' ? 409 : how !== 'decline' && impossible ? 422 : taken;
    if (!this.isTaken(how, answer, expected)) return;
    asked.status = how === 'decline' ? 'declined' : 'approved';
    if (how === 'decline') return;
    const paymentId = how === 'pay' ? idOf(answer) : (answer.json as { paymentId: number }).paymentId;
    model.add({ id: paymentId, type: 'payment', status: 'booked', amount, day: paidOn, userId });
  }

  private isTaken(what: string, { status, text }: Answer, expected: number): boolean {
    expect([status, text]).toEqual([expected, expect.anything()]);
    met.add(`${what} ${status}`);
    return status < 300;
  }

  /** Every figure that the API shows. */
  async compare({ sort, order, user, ...days }: typeof looks extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
    const ordered =
      days.start && days.end && days.start > days.end ? { ...days, start: days.end, end: days.start } : days;
    const filter: Filter = { ...ordered, userId: user === undefined ? undefined : this.users[user]!.id };
    await Promise.all([
      this.compareBalances(sort, order),
      this.compareTotals(),
      this.compareUser(this.users[user ?? 0]!.id),
      this.compareTransactions(filter),
      this.compareMonths(filter),
    ]);
  }

  private get<T>(path: string, query: object = {}): Promise<T> {
    const given = Object.entries(query).filter(([, value]) => value !== undefined) as [string, string][];
    return this.office.admin
      .get(`/accounting/${path}?${new URLSearchParams(given).toString()}`)
      .then(({ json }) => json as T);
  }

  private visibleUsers(): string[] {
    return this.users.map(({ id }) => id).filter((id, at) => at < 3 || this.model.isInBook(id));
  }

  private async compareBalances(sort: 'gross' | 'net' | 'paid' | 'due', order: 'ASC' | 'DESC'): Promise<void> {
    const { Users } = await this.get<{ Users: { id: string }[] }>('getcurrentdue', { sort, order, size: '100' });
    const isUp = order === 'ASC' ? 1 : -1;
    const expected = this.visibleUsers()
      .map((id) => ({ id, ...this.model.figures(id) }))
      .sort((a, b) => (a[sort] === b[sort] ? (a.id < b.id ? -1 : 1) : a[sort] < b[sort] ? -isUp : isUp))
      .map(({ id, gross, net, paid, due }) => {
        const request = this.model.entries.find((entry) => entry.userId === id && entry.status === 'open');
        const figures = { Gross: shown(gross), Net: shown(net), Paid: shown(paid), Due: shown(due) };
        return { id, ...figures, paymentRequested: request !== undefined, paymentRequestId: request?.id ?? null };
      });
    expect(Users).toMatchObject(expected);
    expect(Users).toHaveLength(expected.length);
  }

  private async compareTotals(): Promise<void> {
    const figures = this.visibleUsers().map((id) => this.model.figures(id));
    const sum = (figure: 'gross' | 'net' | 'paid' | 'due') =>
      shown(figures.reduce((total, one) => total + one[figure], 0n));
    const total = await this.get<{ totalPaid: number }>('gettotaldue');
    expect(total).toEqual({
      message: 'success',
      totalGross: sum('gross'),
      totalNet: sum('net'),
      totalPaid: sum('paid'),
      totalDue: sum('due'),
      userCount: figures.length,
    });
    const { payment, revenue, expense, net } = this.model.totals();
    const { summary } = await this.get<{ summary: { totalPayments: number } }>('transactions/summary');
    expect(summary).toEqual({
      totalPayments: shown(payment),
      totalRevenues: shown(revenue),
      totalExpenses: shown(expense),
      netAmount: shown(net),
    });
    expect(total.totalPaid).toBe(summary.totalPayments);
    expect(await this.get('reconciliation')).toMatchObject({ difference: 0, postingsSum: 0, delayed: [] });
  }

  private async compareUser(id: string): Promise<void> {
    const { gross, net, paid, due } = this.model.figures(id);
    expect(await this.get(`${id}/stats`)).toEqual({
      Royalty_Share: shown(gross),
      net: shown(net),
      paid: shown(paid),
      due: shown(due),
    });
    const { items } = await this.get<{ items: object[] }>(`${id}/ledger`);
    const expected = this.model.ledger(id);
    expect(items).toMatchObject(expected);
    expect(items).toHaveLength(expected.length);
  }

  private async compareTransactions(filter: Filter): Promise<void> {
    const expected = this.model.list(filter).map(({ id, type, status, units, day: transactionDate, userId }) => ({
      id,
      type,
      status,
      amount: shown(units),
      transactionDate,
      TenantUser: userId === null ? null : expect.objectContaining({ id: userId }),
    }));
    for (const page of [1, 2]) {
      const found = await this.get<{ transaction: object[] }>('transactions', { ...filter, page, size: 7 });
      expect(found).toMatchObject({ totalItem: expected.length, totalPages: Math.ceil(expected.length / 7) });
      expect(found.transaction).toEqual(
        expected.slice((page - 1) * 7, page * 7).map((one) => expect.objectContaining(one)),
      );
    }
  }

  private async compareMonths({ start, end }: Filter): Promise<void> {
    const expected = this.model.months({ start, end }).map(({ month, payment, revenue, expense, net }) => ({
      month,
      transactions: { payment: shown(payment), revenue: shown(revenue), expense: shown(expense), net: shown(net) },
    }));
    expect(await this.get('transactions/monthly', { start, stop: end })).toEqual(expected);
  }
}

const idOf = ({ json }: Answer): number => (json as { id: number }).id;

it.each([1, 2, 3])(
  'a random book shows what its model does, after every step: %i',
  async (seed) => {
    const office = await EntriesOffice.open(platform);
    const { url } = platform;
    const { member: api, memberId: id } = office.tenant;
    const others = await Promise.all([openMember(url, office.admin), openMember(url, office.admin)]);
    const clerk = await openMember(url, office.admin, { roles: ['admin'] });
    // Lists show who has been heard of.
    await eventually(async () =>
      expect((await office.admin.get('/accounting/gettotaldue')).json).toMatchObject({ userCount: 3 }),
    );
    const twins = new Twins(office, [{ api, id }, ...others, clerk], new Date().toISOString().slice(0, 10));
    const script = fc.sample(fc.noBias(fc.tuple(step, looks)), { seed, numRuns: 90 });
    for (const [at, [next, look]] of script.entries()) {
      try {
        await twins.take(next);
        await twins.compare(look);
      } catch (error) {
        throw new Error(`Step ${at}: ${JSON.stringify(next)}, seen with ${JSON.stringify(look)}`, { cause: error });
      }
    }
  },
  240_000,
);

it('has met what is hard to get right', () => {
  const taken = ['some 201', 'all 201', 'ahead 201', 'pay 201', 'approve 200', 'decline 200', 'ask 201', 'void 200'];
  const refused = ['some 422', 'too much 422', 'pay 409', 'approve 409', 'approve 422', 'decline 409', 'void 409'];
  const costs = ['nobody 201', 'one 201', 'several 201', 'named 201', 'several 422'];
  const wanted = [...taken, ...refused, ...costs, 'close 200', 'reopen 200', 'ask 409'];
  expect(wanted.filter((one) => !met.has(one))).toEqual([]);
});
