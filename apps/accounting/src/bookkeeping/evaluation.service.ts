import { multiply } from '@countinghouse/money';
import { Transactions } from '@countinghouse/service';
import type { LocalCopy } from '@countinghouse/storage';
import { Injectable } from '@nestjs/common';
import { engineLimits } from '../engine-limits.js';
import type { SplitWithShares } from '../domain/split.js';
import { type Credit, evaluateSplits, type Evaluation } from '../engine/evaluate-splits.js';
import { scratch } from '../scratch.js';
import { EarningsFilesService, EarningsUnreadable } from './earnings-files.service.js';
import { type Earnings, noteProblem } from './earnings.store.js';

export interface ToEvaluate {
  earnings: readonly Earnings[];
  splits: readonly SplitWithShares[];
  /** Splits that decided so far: what is answered then is by how much everybody's credits change. */
  before?: readonly SplitWithShares[];
}

/** Splits earnings. */
@Injectable()
export class EvaluationService {
  constructor(
    private readonly transactions: Transactions,
    private readonly files: EarningsFilesService,
  ) {}

  /**
   * Calls `read` with what users get of the earnings, in the tenant's currency.
   *
   * @throws EarningsUnreadable
   */
  async evaluate<T>(
    tenantId: number,
    { earnings, ...rules }: ToEvaluate,
    read: (evaluation: Evaluation) => Promise<T>,
  ): Promise<T> {
    // What has the same rate is added up before it is converted.
    const rates = [...new Set(earnings.map(({ rate }) => rate))];
    const copies: LocalCopy[] = [];
    try {
      // One after the other: with a bucket each is a download.
      for (const one of earnings) copies.push(await this.open(tenantId, one));
      const parts = earnings.map(({ withdraws, rate }, at) => ({
        path: copies[at]!.path,
        group: rates.indexOf(rate),
        sign: withdraws === null ? (1 as const) : (-1 as const),
      }));
      return await scratch.run(`tenant-${tenantId}`, (workDir) =>
        evaluateSplits({ parts, ...rules, workDir, limits: engineLimits }, ({ totals, credits }) =>
          read({ totals: () => inCurrency(totals(), rates), credits: () => inCurrency(credits(), rates) }),
        ),
      );
    } finally {
      await Promise.all(copies.map((copy) => copy.release()));
    }
  }

  /** Notes why earnings cannot be read, so that people see it, and that they can be read again. */
  private async open(tenantId: number, earnings: Earnings): Promise<LocalCopy> {
    const note = (problem: string | null) =>
      this.transactions.inTenant(tenantId, (manager) => noteProblem(manager, tenantId, earnings.id, problem));
    try {
      // What is taken back is in the same file as what it takes back.
      const copy = await this.files.rowsOf(tenantId, { ...earnings, id: earnings.withdraws ?? earnings.id });
      if (earnings.problem !== null) await note(null);
      return copy;
    } catch (error) {
      if (error instanceof EarningsUnreadable && earnings.problem !== error.problem) await note(error.problem);
      throw error;
    }
  }
}

async function* inCurrency(credits: AsyncGenerator<Credit[]>, rates: readonly string[]): AsyncGenerator<Credit[]> {
  for await (const batch of credits) yield batch.map((credit) => converted(credit, rates[credit.group]!));
}

const converted = (credit: Credit, rate: string): Credit =>
  rate === '1'
    ? credit
    : {
        ...credit,
        streamsRoyalty: multiply(credit.streamsRoyalty, rate),
        downloadsRoyalty: multiply(credit.downloadsRoyalty, rate),
        royalty: multiply(credit.royalty, rate),
      };
