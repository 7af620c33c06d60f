import type { EarningsPublished } from '@countinghouse/contracts';
import type { Answer } from '@countinghouse/testing';
import * as fc from 'fast-check';
import { BookkeepingModel, type ModelSplit } from './bookkeeping-model.js';
import type { EarningsPublisher, EarningsRow } from './earnings-publisher.js';

/** What people and other services do, in any order. Numbers choose among what there is. */
export type Action =
  | { does: 'publish'; rows: RowShape[]; isForeign: boolean; month: number }
  | { does: 'withdraw'; which: number }
  | { does: 'withdraw unheard'; rows: RowShape[] }
  | { does: 'split'; split: SplitShape }
  | { does: 'replace'; which: number; split: SplitShape }
  | { does: 'deactivate'; which: number }
  | { does: 'rate'; month: number; rate: string }
  | { does: 'pay'; user: number; amount: string }
  | { does: 'recalculate'; user: number | null };

type RowShape = Omit<EarningsRow, 'owner'> & { user: number };
type SplitShape = Omit<ModelSplit, 'id' | 'shares'> & { shares: readonly string[]; firstUser: number };

const row = fc.record<RowShape>({
  user: fc.nat(3),
  isrc: fc.constantFrom('', 'DKABC2500001', 'DKABC2500002', 'DKABC2500003'),
  upc: fc.constantFrom('', '0004006381333931', '4006381333931'),
  artist: fc.constantFrom('Ada', 'BOB', 'bob '),
  label: fc.constantFrom('Polar', 'POLAR', 'Solar', ''),
  store: fc.constantFrom('Spotify', 'spotify', 'Apple Music'),
  country: fc.constantFrom('DK', 'SE', 'ZZ'),
  usageType: fc.constantFrom('stream', 'download', 'physical', 'other'),
  salesMonth: fc.constantFrom('202412', '202501', '202502'),
  quantity: fc.integer({ min: -5, max: 1000 }),
  amount: fc.integer({ min: -10_000_000, max: 1_000_000_000 }).map((units) => (units / 1e7).toFixed(7)),
});
const rows = fc.array(row, { minLength: 1, maxLength: 25 });
const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
const condition = fc
  .record(
    {
      mode: fc.constantFrom('include', 'exclude'),
      territories: some('DK', 'SE'),
      dsps: some('SPOTIFY', 'apple music'),
      usageTypes: some('stream', 'download'),
    },
    { requiredKeys: ['mode'] },
  )
  .filter((given) => Object.keys(given).length > 1);
const day = fc.constantFrom(null, '2024-12-01', '2025-01-01', '2025-01-02', '2025-02-01');
/** One or two keys, so that splits often meet each other and the rows. */
const scope = fc
  .record({
    isrc: fc.constantFrom('DKABC2500001', 'dk-abc-25-00002', 'DKABC2500003'),
    upc: fc.constant('4006381333931'),
    artist: fc.constantFrom('ada', 'Bob'),
    label: fc.constantFrom('polar', 'SOLAR'),
  })
  .chain((all) =>
    fc
      .subarray(Object.entries(all), { minLength: 1, maxLength: 2 })
      .map((some): SplitShape['scope'] => Object.fromEntries(some)),
  );
const split = fc.record<SplitShape>({
  scope,
  startDate: day,
  endDate: day,
  conditions: fc.array(condition, { maxLength: 2 }),
  shares: fc.constantFrom(['100'], ['33.3333', '66.6667'], ['0.0001', '49.9999', '50']),
  firstUser: fc.nat(3),
  active: fc.constant(true),
});
const rate = fc.constantFrom('0.9', '1.0837', '0.00001234');

export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('publish'), rows, isForeign: fc.boolean(), month: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('withdraw'), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('withdraw unheard'), rows }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('split'), split }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('replace'), which: fc.nat(), split }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('deactivate'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('rate'), month: fc.nat(2), rate }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('pay'), user: fc.nat(3), amount: fc.constantFrom('1', '250.5') }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('recalculate'), user: fc.option(fc.nat(3)) }) },
);

/** Says how a call is made: once, or again until it is answered. */
export type Calling = (call: (headers: Record<string, string>) => Promise<Answer>) => Promise<Answer>;

/** Does actions to the product and to the model. */
export class BookkeepingActions {
  readonly model = new BookkeepingModel();
  readonly paid = new Map<string, bigint>();
  private readonly published: EarningsPublished[] = [];
  private readonly rates = new Map<number, string>();

  constructor(
    private readonly publisher: EarningsPublisher,
    private readonly users: readonly string[],
    private readonly calling: Calling = (call) => call({}),
  ) {}

  async do(one: Action): Promise<void> {
    switch (one.does) {
      case 'publish':
        return this.publish(one);
      case 'withdraw':
        return this.withdraw(one.which);
      case 'withdraw unheard':
        return this.withdrawUnheard(one.rows);
      case 'split':
        return this.saveSplit(one.split, null);
      case 'replace': {
        const ids = [...this.model.splits.keys()];
        return ids.length === 0 ? undefined : this.saveSplit(one.split, ids[one.which % ids.length]!);
      }
      case 'deactivate':
        return this.deactivate(one.which);
      case 'rate':
        return this.setRate(one.month, one.rate);
      case 'pay':
        return this.pay(this.users[one.user]!, one.amount);
      case 'recalculate':
        return this.recalculate(one.user);
    }
  }

  private rowsOf(shapes: readonly RowShape[]): EarningsRow[] {
    return shapes.map(({ user, ...row }) => ({ ...row, owner: this.users[user]! }));
  }

  private async publish({ rows, isForeign, month }: Extract<Action, { does: 'publish' }>): Promise<void> {
    const about = { currency: isForeign ? 'USD' : 'EUR', reportingMonth: `20250${month + 1}` };
    const earnings = await this.publisher.publish(this.rowsOf(rows), about);
    this.published.push(earnings);
    const rate = isForeign ? (this.rates.get(month) ?? null) : '1';
    this.model.earnings.set(earnings.earningsId, { rows: this.rowsOf(rows), rate, withdrawn: false });
    if (rate === null) this.waitsFor.set(earnings.earningsId, month);
  }

  private readonly waitsFor = new Map<number, number>();

  private async withdraw(which: number): Promise<void> {
    if (this.published.length === 0) return;
    const [earnings] = this.published.splice(which % this.published.length, 1);
    this.model.earnings.get(earnings!.earningsId)!.withdrawn = true;
    await this.publisher.withdraw(earnings!);
  }

  private async withdrawUnheard(rows: readonly RowShape[]): Promise<void> {
    const earnings = await this.publisher.store(this.rowsOf(rows));
    await this.publisher.withdraw(earnings);
    await this.publisher.tell('royalties.earnings.published', earnings);
  }

  private async saveSplit({ shares, firstUser, ...shape }: SplitShape, id: number | null): Promise<void> {
    const split = {
      ...shape,
      name: 'a split',
      shares: shares.map((share, at) => ({ userId: this.users[(firstUser + at) % this.users.length]!, share })),
    };
    const { admin } = this.publisher;
    const answer = await this.calling((headers) =>
      id === null ? admin.post('/split', split, headers) : admin.put(`/split/${id}`, split),
    );
    const { status, json, text } = answer;
    if (status === 409 || (status === 400 && text.includes('endDate must be after'))) return;
    if (status !== (id === null ? 201 : 200)) throw new Error(`split: ${status} ${text}`);
    const saved = (json as { id: number }).id;
    this.model.splits.set(saved, { ...split, id: saved });
  }

  private async deactivate(which: number): Promise<void> {
    const ids = [...this.model.splits.keys()];
    if (ids.length === 0) return;
    const id = ids[which % ids.length]!;
    const { status } = await this.calling(() => this.publisher.admin.delete(`/split/${id}`));
    if (status !== 200) throw new Error(`deactivate: ${status}`);
    this.model.splits.get(id)!.active = false;
  }

  /** Which rate counts when it changes just as it is used is for the product to say: so only one is ever set. */
  private async setRate(month: number, rate: string): Promise<void> {
    if (this.rates.has(month)) return;
    const body = { from: 'USD', to: 'EUR', month: `2025-0${month + 1}`, rate };
    const { status, text } = await this.calling((headers) =>
      this.publisher.admin.post('/accounting/exchange-rates', body, headers),
    );
    if (status !== 201) throw new Error(`rate: ${status} ${text}`);
    this.rates.set(month, rate);
    for (const [id, waits] of this.waitsFor) if (waits === month) this.model.earnings.get(id)!.rate = rate;
  }

  private async pay(userId: string, amount: string): Promise<void> {
    const payment = { userId, amount, transactionDate: '2025-09-01', advance: true };
    const { status, text } = await this.calling((headers) => this.publisher.admin.post('/payment', payment, headers));
    if (status !== 201) throw new Error(`payment: ${status} ${text}`);
    this.paid.set(userId, (this.paid.get(userId) ?? 0n) + BigInt(Math.round(Number(amount) * 100)));
  }

  private async recalculate(user: number | null): Promise<void> {
    const path = user === null ? '/accounting/tenant/recalculate' : `/accounting/users/${this.users[user]}/recalculate`;
    const { status } = await this.calling((headers) => this.publisher.admin.post(path, {}, headers));
    if (status !== 202) throw new Error(`recalculate: ${status}`);
  }
}
