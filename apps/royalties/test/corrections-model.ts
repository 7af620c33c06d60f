import { decimalText, expectedOf, type ModelContract, type ModelLine, scaled } from './model.js';

/** What becomes of statements, reports and suspense by corrections and payments, worked out apart from the product. */

export type DebitState = 'PENDING' | 'PAID' | 'CANCELLED';
type Row = { Quantity: string; Royalties: string };

export interface ModelReport {
  owner: string;
  month: string;
  state: DebitState;
  /** Its place among the reports of its owner and month; 0 is the ordinary one. */
  place: number;
  /** Rows of each booking that stand in it; negative where they were taken back from another report. */
  parts: Map<string, Row[]>;
}

export interface ModelStatement {
  id: number;
  month: string;
  lines: ModelLine[];
  state: 'completed' | 'failed' | 'voided';
  /** Rows of each owner, by booking. */
  bookings: Map<string, Row[]>[];
  suspended: ModelLine[];
}

interface ModelPayment {
  id: number;
  owner: string;
  reports: ModelReport[];
  recorded: boolean;
  voided: boolean;
}

export const situations = ['further report', 'two pending reports', 'back where it was', 'replaced', 'failed'] as const;
type Situation = (typeof situations)[number];

const amountOf = (rows: Row[]): bigint => rows.reduce((sum, row) => sum + scaled(row.Royalties), 0n);
const negative = (text: string) => decimalText(-scaled(text));

export const rowsOf = ({ parts }: ModelReport): Row[] => [...parts.values()].flat();
export const totalOf = (report: ModelReport): string => decimalText(amountOf(rowsOf(report)));

export class CorrectionsModel {
  readonly contracts = new Map<number, ModelContract>();
  readonly statements: ModelStatement[] = [];
  readonly reports: ModelReport[] = [];
  readonly payments: ModelPayment[] = [];
  /** What has happened that is hard to get right; a sequence without it shows little. */
  readonly situations = new Set<Situation>();

  live(month: string): ModelStatement[] {
    return this.statements.filter((one) => one.month === month && one.state === 'completed');
  }

  reportsOf(owner: string, month: string): ModelReport[] {
    return this.reports.filter((one) => one.owner === owner && one.month === month);
  }

  /** A file that the product has taken. */
  upload(id: number, month: string, lines: ModelLine[], mode: string): void {
    const { rejected } = expectedOf(lines, []).counts;
    const state = rejected * 20 > lines.length ? 'failed' : 'completed';
    const readable = lines.filter(({ isBad }) => !isBad);
    const statement: ModelStatement = { id, month, lines, state, bookings: [], suspended: [] };
    if (state === 'completed') {
      const replaced = mode === 'replace' ? this.live(month) : [];
      for (const old of replaced) this.void(old);
      if (replaced.length > 0) this.situations.add('replaced');
      statement.suspended = readable;
      this.match(statement);
    }
    if (state === 'failed') this.situations.add('failed');
    this.statements.push(statement);
  }

  /** After contracts changed. */
  matchSuspense(): void {
    for (const statement of this.statements) if (statement.state === 'completed') this.match(statement);
  }

  void(statement: ModelStatement): void {
    statement.state = 'voided';
    for (const [at, owners] of statement.bookings.entries()) {
      for (const [owner, rows] of owners) {
        const taken = rows.map((row) => ({ Quantity: negative(row.Quantity), Royalties: negative(row.Royalties) }));
        this.deliver(owner, statement.month, `${statement.id}/${at}`, taken);
      }
    }
  }

  pay(id: number, owner: string, reports: ModelReport[]): void {
    const payment = this.payments.find((one) => one.id === id);
    if (payment) payment.recorded = true;
    else this.payments.push({ id, owner, reports, recorded: true, voided: false });
    this.settle(reports);
  }

  voidPayment(id: number, owner: string, reports: ModelReport[]): void {
    const payment = this.payments.find((one) => one.id === id);
    if (payment) payment.voided = true;
    else this.payments.push({ id, owner, reports, recorded: false, voided: true });
    this.settle(reports);
  }

  private settle(reports: ModelReport[]): void {
    for (const report of reports.filter(({ state }) => state !== 'CANCELLED')) {
      const isPaid = this.payments.some((one) => one.recorded && !one.voided && one.reports.includes(report));
      report.state = isPaid ? 'PAID' : 'PENDING';
    }
  }

  private match(statement: ModelStatement): void {
    const contracts = [...this.contracts.values()];
    const { rows } = expectedOf(statement.suspended, contracts);
    if (rows.size === 0) return;
    statement.suspended = statement.suspended.filter((line) => expectedOf([line], contracts).counts.unmatched === 1);
    const owners = new Map(
      [...rows].map(([owner, all]) => [owner, all.map(({ Quantity, Royalties }) => ({ Quantity, Royalties }) as Row)]),
    );
    const booking = `${statement.id}/${statement.bookings.push(owners) - 1}`;
    for (const [owner, all] of owners) this.deliver(owner, statement.month, booking, all);
  }

  /** Lines arrive: into the latest pending report, else into a further one. What comes back to where it was is gone. */
  private deliver(owner: string, month: string, booking: string, rows: Row[]): void {
    const all = this.reportsOf(owner, month);
    const pending = all.filter(({ state }) => state === 'PENDING');
    if (pending.length > 1) this.situations.add('two pending reports');
    let report = pending.at(-1);
    if (!report) {
      report = { owner, month, state: 'PENDING', place: all.length, parts: new Map() };
      this.reports.push(report);
      if (all.length > 0) this.situations.add('further report');
    }
    if (report.parts.delete(booking)) this.situations.add('back where it was');
    else report.parts.set(booking, rows);
  }
}

/** What a statement comes to: `net` of all readable lines, `royalties` of those that are booked. */
export const figuresOf = ({ state, lines, bookings, suspended }: ModelStatement) => {
  const { counts, net } = expectedOf(lines, []);
  const booked = bookings.flatMap((owners) => [...owners.values()]).flat();
  if (state === 'failed') return { state };
  return {
    state,
    net: decimalText(net),
    royalties: decimalText(amountOf(booked)),
    lines: { read: counts.read, accepted: booked.length, rejected: counts.rejected, unmatched: suspended.length },
  };
};
