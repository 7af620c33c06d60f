import type { EarningsRow } from './earnings-publisher.js';

export interface ModelSplit {
  id: number;
  scope: Partial<Record<'isrc' | 'upc' | 'artist' | 'label', string>>;
  startDate: string | null;
  endDate: string | null;
  conditions: { mode: string; territories?: string[]; dsps?: string[]; usageTypes?: string[] }[];
  shares: { userId: string; share: string }[];
  active: boolean;
}

export interface ModelEarnings {
  rows: readonly EarningsRow[];
  /** Null while there is none. */
  rate: string | null;
  withdrawn: boolean;
}

type Figure = 'streams' | 'streamsRoyalty' | 'downloads' | 'downloadsRoyalty' | 'royalty';

/** Whole numbers of the 24th decimal. */
const scale = 24;
const units = (amount: string): bigint => {
  const [whole = '', decimals = ''] = amount.split('.');
  return BigInt(whole + decimals.padEnd(scale, '0'));
};
export const written = (amount: bigint): string => {
  const digits = String(amount < 0n ? -amount : amount).padStart(scale + 1, '0');
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0*$/, '');
  return amount < 0n ? `-${text}` : text;
};

/** The rules of splits in words of its own: row by row, with nothing remembered. */
export class BookkeepingModel {
  readonly splits = new Map<number, ModelSplit>();
  readonly earnings = new Map<number, ModelEarnings>();

  /** What each user should have of everything, by `<user> <dimension> <key>`; nothing of what is nothing. */
  totals(): Map<string, Record<Figure, string>> {
    const sums = new Map<string, Record<Figure, bigint>>();
    for (const { rows, rate, withdrawn } of this.earnings.values()) {
      if (rate === null || withdrawn) continue;
      for (const row of rows) this.add(sums, row, units(rate));
    }
    const all = [...sums].map(([key, sum]): [string, Record<Figure, string>] => [
      key,
      Object.fromEntries(Object.entries(sum).map(([name, value]) => [name, written(value)])) as Record<Figure, string>,
    ]);
    return new Map(all.filter(([, sum]) => Object.values(sum).some((figure) => figure !== '0')));
  }

  gross(): Record<string, string> {
    const all = [...this.totals()].filter(([key]) => key.endsWith(' all '));
    return Object.fromEntries(
      all.map(([key, { royalty }]) => [key.split(' ')[0]!, royalty]).filter(([, royalty]) => royalty !== '0'),
    );
  }

  private add(sums: Map<string, Record<Figure, bigint>>, row: EarningsRow, rate: bigint): void {
    const isStream = row.usageType === 'stream';
    const isDownload = row.usageType === 'download';
    const one = 10n ** BigInt(scale);
    for (const { userId, share } of this.winner(row)?.shares ?? [{ userId: row.owner, share: '100' }]) {
      const royalty = (((units(row.amount) * units(share)) / one / 100n) * rate) / one;
      const places = ['all ', `month ${row.salesMonth.slice(0, 4)}-${row.salesMonth.slice(4)}`];
      for (const place of [...places, `dsp ${row.store}`, `territory ${row.country}`]) {
        const key = `${userId} ${place}`;
        const sum = sums.get(key) ?? {
          streams: 0n,
          streamsRoyalty: 0n,
          downloads: 0n,
          downloadsRoyalty: 0n,
          royalty: 0n,
        };
        sum.royalty += royalty;
        if (isStream) sum.streams += BigInt(row.quantity) * one;
        if (isStream) sum.streamsRoyalty += royalty;
        if (isDownload) sum.downloads += BigInt(row.quantity) * one;
        if (isDownload) sum.downloadsRoyalty += royalty;
        sums.set(key, sum);
      }
    }
  }

  private winner(row: EarningsRow): ModelSplit | undefined {
    const rank = ({ scope, conditions, startDate }: ModelSplit): string =>
      [scope.isrc, scope.upc, scope.artist, scope.label].map((key) => (key === undefined ? 0 : 1)).join('') +
      (conditions.length > 0 ? 1 : 0) +
      (startDate ?? '');
    const applying = [...this.splits.values()].filter((split) => split.active && applies(split, row));
    return applying.sort((a, b) => (rank(a) < rank(b) ? 1 : -1))[0];
  }
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
const sameCode = (a: string, b: string) => same(a.replace(/^0+|-/g, ''), b.replace(/^0+|-/g, ''));

function applies({ scope, startDate, endDate, conditions }: ModelSplit, row: EarningsRow): boolean {
  const day = `${row.salesMonth.slice(0, 4)}-${row.salesMonth.slice(4)}-01`;
  if (scope.isrc !== undefined && !sameCode(scope.isrc, row.isrc)) return false;
  if (scope.upc !== undefined && !sameCode(scope.upc, row.upc)) return false;
  if (scope.artist !== undefined && !same(scope.artist, row.artist)) return false;
  if (scope.label !== undefined && !same(scope.label, row.label)) return false;
  if (startDate !== null && day < startDate) return false;
  if (endDate !== null && day >= endDate) return false;
  return conditions.every(({ mode, territories, dsps, usageTypes }) => {
    const holds =
      (!territories || territories.includes(row.country)) &&
      (!dsps || dsps.some((dsp) => same(dsp, row.store))) &&
      (!usageTypes || usageTypes.includes(row.usageType));
    return mode === 'include' ? holds : !holds;
  });
}
