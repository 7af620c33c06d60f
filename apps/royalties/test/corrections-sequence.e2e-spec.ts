import {
  type Api,
  eventually,
  openMember,
  openTenant,
  type Platform,
  startProduct,
  type StatementView,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Accounting } from './accounting.js';
import { CorrectionsModel, figuresOf, type ModelReport, rowsOf, situations, totalOf } from './corrections-model.js';
import { kontorFile } from './kontor-file.js';
import { decimalText, expectedOf, type ModelContract, type ModelLine, scaled, sumOf } from './model.js';
import { type Random, randomContracts, randomLines, seeded } from './random-statement.js';
import { csvRows, fileTexts } from './report-files.js';
import { jobsEnded, openRoyaltiesDatabase } from './royalties-database.js';

const seeds = [20_261_120, 7, 1_795_266];
const steps = 40;
const months = ['202508', '202509'];

let platform: Platform;
let database: DataSource;
let accounting: Accounting;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [database, accounting] = await Promise.all([openRoyaltiesDatabase(platform), Accounting.at(platform)]);
}, 60_000);

afterAll(async () => {
  await accounting?.close();
  await database?.destroy();
  await platform?.stop();
}, 30_000);

/** JSON with amounts as texts of their exact digits. */
const exactJson = (text: string) =>
  JSON.parse(text.replaceAll(/"(totalRoyalties|net|royalties)":(-?[\d.]+)/g, '"$1":"$2"'));

interface ReportView {
  id: number;
  reportingMonth: string;
  totalRoyalties: string;
  debitState: string;
  updatedAt: string;
  adjusts?: number;
}

/** What may happen; the more often it is here, the more likely it is. */
const happenings = [
  ...(['upload', 'upload', 'upload', 'upload', 'voidStatement', 'voidStatement'] as const),
  ...(['addContract', 'changeContract', 'deleteContract'] as const),
  ...(['pay', 'pay', 'pay', 'voidPayment', 'voidPayment', 'voidPayment', 'cancel'] as const),
];

/** A tenant to which whatever may happen happens, in the product and in the model. */
class Sequence {
  readonly model = new CorrectionsModel();
  private readonly log: string[] = [];
  private readonly unused: ModelContract[];
  /** The reports' ids, in the order in which the model has made them. */
  private readonly ids = new Map<ModelReport, number>();
  /** When the files of a report were last looked at, and what they were while it was frozen. */
  private readonly seen = new Map<number, { updatedAt: string; frozen: object | null }>();
  private payments = 0;

  private constructor(
    private readonly random: Random,
    private readonly tenant: TestTenant,
    private readonly owners: { id: string; api: Api }[],
  ) {
    this.unused = randomContracts(
      random,
      owners.map(({ id }) => id),
    );
  }

  static async open(seed: number): Promise<Sequence> {
    const tenant = await openTenant(platform);
    const owners = [{ id: tenant.memberId, api: tenant.member }, await openMember(platform.url, tenant.admin)];
    const sequence = new Sequence(seeded(seed), tenant, owners);
    sequence.log.push(`seed ${seed}`);
    for (let at = 0; at < 4; at++) await sequence.addContract();
    await sequence.upload();
    await sequence.settle();
    return sequence;
  }

  async step(): Promise<void> {
    await this[this.oneOf(happenings)!]();
    await this.settle();
  }

  private async settle(): Promise<void> {
    await jobsEnded(database, this.tenant.id);
    await this.check();
  }

  private oneOf<T>(all: readonly T[]): T | undefined {
    return all[Math.floor(this.random() * all.length)];
  }

  private async upload(): Promise<void> {
    const month = this.oneOf(months)!;
    const live = this.model.live(month);
    const mode = this.oneOf(['', 'supplement', 'supplement', 'replace', 'replace'])!;
    const again = this.random() < 0.1 ? this.oneOf(live) : undefined;
    const lines: ModelLine[] = again?.lines ?? randomLines(this.random, 20);
    const query = `distributor=KONTOR&reportingMonth=${month}${mode && `&mode=${mode}`}`;
    const total = this.random() < 0.2 ? `&declaredTotal=${decimalText(expectedOf(lines, []).net)}` : '';
    const { status, json } = await this.tenant.admin.upload(query + total, kontorFile(lines));
    const { id } = json as StatementView;
    this.log.push(`upload ${month} ${mode}: ${status} ${id}`);
    const expected = again ? 200 : live.length > 0 && !mode ? 409 : 202;
    expect([this.log, status]).toEqual([this.log, expected]);
    if (again) expect(id).toBe(again.id);
    if (status !== 202) return;
    await this.tenant.admin.settled(id);
    this.model.upload(id, month, lines, mode);
  }

  private async voidStatement(): Promise<void> {
    const statement = this.oneOf(this.model.statements);
    if (!statement) return;
    const { status } = await this.tenant.admin.post(`/royalties/statements/${statement.id}/void`, { reason: 'x' });
    this.log.push(`void ${statement.id}: ${status}`);
    expect([this.log, status]).toEqual([this.log, statement.state === 'completed' ? 200 : 409]);
    if (status === 200) this.model.void(statement);
  }

  private async addContract(): Promise<void> {
    const contract = this.oneOf(this.unused);
    if (!contract) return;
    this.unused.splice(this.unused.indexOf(contract), 1);
    const { owner, ...terms } = contract;
    const { status, json } = await this.tenant.admin.post('/royalties/contracts', { ...terms, userId: owner });
    this.log.push(`add ${contract.match}: ${status}`);
    expect([this.log, status]).toEqual([this.log, 201]);
    this.model.contracts.set((json as { id: number }).id, contract);
    this.model.matchSuspense();
  }

  private async changeContract(): Promise<void> {
    const found = this.oneOf([...this.model.contracts]);
    if (!found) return;
    const [id, contract] = found;
    const sharePercent = this.oneOf(['50', '33.3333', '0.0001', '0'])!;
    const { status } = await this.tenant.admin.patch(`/royalties/contracts/${id}`, { sharePercent });
    this.log.push(`change ${contract.match}: ${status}`);
    expect([this.log, status]).toEqual([this.log, 200]);
    this.model.contracts.set(id, { ...contract, sharePercent });
    this.model.matchSuspense();
  }

  private async deleteContract(): Promise<void> {
    const found = this.oneOf([...this.model.contracts]);
    if (!found) return;
    const [id, contract] = found;
    const { status } = await this.tenant.admin.delete(`/royalties/contracts/${id}`);
    this.log.push(`delete ${contract.match}: ${status}`);
    this.model.contracts.delete(id);
    this.unused.push(contract);
  }

  /** Now and then the news that it was voided comes first. */
  private async pay(): Promise<void> {
    const owner = this.oneOf(this.owners)!.id;
    const open = this.model.reports.filter((one) => one.owner === owner && one.state === 'PENDING');
    const reports = this.random() < 0.7 ? open : open.slice(0, 1);
    const payment = ++this.payments;
    if (this.random() < 0.1) await this.tellVoided(payment, owner, reports);
    await this.applied(await accounting.paid(this.tenant.id, payment, owner, this.idsOf(reports)));
    this.log.push(`payment ${payment} of ${this.idsOf(reports).join(' ')}`);
    this.model.pay(payment, owner, reports);
  }

  private async voidPayment(): Promise<void> {
    const standing = this.model.payments.filter(({ voided, reports }) => !voided && reports.length > 0);
    const payment = this.oneOf(standing.length > 0 ? standing : this.model.payments);
    if (payment) await this.tellVoided(payment.id, payment.owner, payment.reports);
  }

  private async tellVoided(payment: number, owner: string, reports: ModelReport[]): Promise<void> {
    await this.applied(await accounting.voided(this.tenant.id, payment, owner, this.idsOf(reports)));
    this.log.push(`payment ${payment} is void`);
    this.model.voidPayment(payment, owner, reports);
  }

  private async cancel(): Promise<void> {
    const report = this.oneOf(this.model.reports);
    if (!report) return;
    const id = this.ids.get(report)!;
    const { status } = await this.tenant.admin.post(`/royalties/reports/${id}/cancel`, { reason: 'x' });
    this.log.push(`cancel ${id}: ${status}`);
    expect([this.log, status]).toEqual([this.log, report.state === 'PENDING' ? 200 : 409]);
    if (status === 200) report.state = 'CANCELLED';
  }

  private idsOf(reports: ModelReport[]): number[] {
    return reports.map((report) => this.ids.get(report)!);
  }

  private applied({ id }: { id: string }): Promise<void> {
    return eventually(async () => {
      const found = await database.query('SELECT 1 FROM inbox WHERE tenant_id = $1 AND fact_id = $2', [
        this.tenant.id,
        id,
      ]);
      expect(found).toHaveLength(1);
    });
  }

  private async check(): Promise<void> {
    const totals: string[] = [];
    for (const { id: owner, api } of this.owners) {
      const { text } = await api.get('/financial/reports/user-reports/current?distributor=KONTOR');
      const views: ReportView[] = exactJson(text);
      totals.push(...views.map(({ totalRoyalties }) => totalRoyalties));
      for (const month of months) {
        const those = views.filter(({ reportingMonth }) => reportingMonth === month).toReversed();
        await this.checkReports(api, this.model.reportsOf(owner, month), those);
      }
    }
    const { text } = await this.tenant.admin.get('/royalties/statements?size=100');
    const statements: StatementView[] = exactJson(text).items;
    for (const expected of this.model.statements) {
      const found = statements.find(({ id }) => id === expected.id);
      expect([this.log, found]).toMatchObject([this.log, figuresOf(expected)]);
    }
    const live = statements.filter(({ state }) => state === 'completed');
    expect([this.log, sumOf(totals)]).toEqual([this.log, sumOf(live.map(({ royalties }) => `${royalties}`))]);
    await this.checkSuspense();
  }

  private async checkReports(api: Api, expected: ModelReport[], views: ReportView[]): Promise<void> {
    const [first] = views;
    expect([this.log, views]).toMatchObject([
      this.log,
      expected.map((report) => ({ totalRoyalties: totalOf(report), debitState: report.state })),
    ]);
    for (const [at, view] of views.entries()) {
      this.ids.set(expected[at]!, view.id);
      expect([this.log, view.adjusts]).toEqual([this.log, at === 0 ? undefined : first!.id]);
      const seen = this.seen.get(view.id);
      if (seen?.updatedAt === view.updatedAt) continue;
      const files = await fileTexts(api, view.id);
      this.checkFiles(files, expected[at]!);
      if (seen?.frozen) expect([this.log, files]).toEqual([this.log, seen.frozen]);
      this.seen.set(view.id, { updatedAt: view.updatedAt, frozen: view.debitState === 'PENDING' ? null : files });
    }
  }

  private checkFiles(files: Record<string, string>, report: ModelReport): void {
    const rows = rowsOf(report);
    const figures = csvRows(files['full']!).map(({ Quantity, Royalties }) => ({ Quantity, Royalties }));
    expect([this.log, figures]).toEqual([this.log, rows]);
    const quantity = sumOf(rows.map(({ Quantity }) => Quantity));
    for (const [name, text] of Object.entries(files)) {
      const all = csvRows(text);
      const sums = [sumOf(all.map((row) => row['Royalties']!)), sumOf(all.map((row) => row['Quantity']!))];
      expect([this.log, name, ...sums]).toEqual([this.log, name, totalOf(report), quantity]);
    }
  }

  /** What is in suspense, of all statements, is what the live ones have that nobody owns. */
  private async checkSuspense(): Promise<void> {
    for (const { id, state, suspended } of this.model.statements) {
      const { text } = await this.tenant.admin.get(`/royalties/statements/${id}/unmatched`);
      const found = sumOf((exactJson(text) as { net: string }[]).map(({ net }) => net));
      const net = suspended.reduce((sum, { royalties }) => sum + scaled(royalties), 0n);
      expect([this.log, id, found]).toEqual([this.log, id, decimalText(state === 'completed' ? net : 0n)]);
    }
  }

  /** Files of frozen reports, looked at once more. */
  async checkFrozen(): Promise<void> {
    for (const [id, { frozen }] of this.seen) {
      if (frozen) expect([this.log, await fileTexts(this.tenant.admin, id)]).toEqual([this.log, frozen]);
    }
  }
}

describe(`${steps} uploads, voids, changes of contracts, payments and cancellations, seeds ${seeds.join(', ')}`, () => {
  it('leave reports and suspense that sum up to the live statements, and frozen reports as they were', async () => {
    const happened = await Promise.all(
      seeds.map(async (seed) => {
        const sequence = await Sequence.open(seed);
        for (let at = 0; at < steps; at++) await sequence.step();
        await sequence.checkFrozen();
        return [...sequence.model.situations];
      }),
    );
    expect([...new Set(happened.flat())].toSorted()).toEqual([...situations].toSorted());
  }, 300_000);
});
