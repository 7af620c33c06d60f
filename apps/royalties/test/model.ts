import type { KontorLine } from './kontor-file.js';

/**
 * What a KONTOR statement must come to, worked out line by line and by other means than the product's: text and whole
 * numbers of 10⁻¹⁵.
 */

export interface ModelContract {
  owner: string;
  scope: 'label' | 'release' | 'track';
  match: string;
  aliases: string[];
  sharePercent: string;
  from?: string;
  to?: string;
}

/** A line that a distributor might send, and what the model needs to know of it. */
export interface ModelLine extends Required<KontorLine> {
  isBad: boolean;
  countryName: string;
}

export interface Expected {
  counts: { read: number; accepted: number; rejected: number; unmatched: number };
  /** In 10⁻¹⁵, like all amounts here. */
  net: bigint;
  royalties: bigint;
  /** Each owner's rows of the full file, as far as its columns are checked. */
  rows: Map<string, Record<string, string>[]>;
  /** Line numbers. */
  rejected: number[];
  unmatched: [label: string, lines: number, net: string][];
}

const decimals = 15;

/** A decimal text with a point or a comma, in 10⁻¹⁵. */
export const scaled = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split(/[.,]/);
  return BigInt(whole + fraction.replace(/0+$/, '').padEnd(decimals, '0')) * (text.startsWith('-') ? -1n : 1n);
};

/** As figures are written: with a point, and without zeros at the end. */
export const decimalText = (amount: bigint): string => {
  const digits = `${amount < 0n ? -amount : amount}`.padStart(decimals + 1, '0');
  const text = `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`.replace(/\.?0+$/, '');
  return amount < 0n ? `-${text}` : text;
};

export const sumOf = (texts: string[]): string => decimalText(texts.reduce((sum, text) => sum + scaled(text), 0n));

/** net × share / 100 to 10 places, half away from zero. */
const royaltyOf = (net: string, sharePercent: string): bigint => {
  const product = scaled(net) * scaled(sharePercent); // in 10⁻³⁰, times 100
  const unit = 10n ** 22n; // of 10⁻¹⁰
  const size = product < 0n ? -product : product;
  const rounded = (size + unit / 2n) / unit;
  return (product < 0n ? -rounded : rounded) * 10n ** 5n;
};

const keysOf = ({ match, aliases }: ModelContract) => [match, ...aliases].map((name) => name.toLowerCase());
const decoded = (label: string) => label.replaceAll('&amp;', '&').trim();

function ownerOf({ period, isrc, ean, label }: ModelLine, contracts: ModelContract[]): ModelContract | undefined {
  const valid = contracts.filter(({ from = '000000', to = '999999' }) => period >= from && period < to);
  const owns = (scope: ModelContract['scope'], name: string) =>
    name === '' ? undefined : valid.find((contract) => contract.scope === scope && keysOf(contract).includes(name));
  return (
    owns('track', isrc.replaceAll('-', '').toLowerCase()) ??
    owns('release', ean) ??
    owns('label', decoded(label).toLowerCase().replaceAll(/\s+/g, ' '))
  );
}

export function expectedOf(lines: ModelLine[], contracts: ModelContract[]): Expected {
  const expected: Expected = {
    counts: { read: lines.length, accepted: 0, rejected: 0, unmatched: 0 },
    net: 0n,
    royalties: 0n,
    rows: new Map(),
    rejected: [],
    unmatched: [],
  };
  const unmatched: ModelLine[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.isBad) {
      expected.rejected.push(at + 2);
      continue;
    }
    expected.net += scaled(line.royalties);
    const contract = ownerOf(line, contracts);
    if (!contract) {
      unmatched.push(line);
      continue;
    }
    const royalty = royaltyOf(line.royalties, contract.sharePercent);
    expected.royalties += royalty;
    expected.counts.accepted += 1;
    expected.rows.set(contract.owner, [...(expected.rows.get(contract.owner) ?? []), rowOf(line, royalty)]);
  }
  expected.counts.rejected = expected.rejected.length;
  expected.counts.unmatched = unmatched.length;
  expected.unmatched = byLabel(unmatched);
  return expected;
}

const rowOf = (line: ModelLine, royalty: bigint): Record<string, string> => ({
  'Sales Month': line.period,
  Platform: line.store,
  'Country Code': line.country,
  Country: line.countryName,
  Label: decoded(line.label),
  Artist: line.artist,
  Release: line.title,
  UPC: line.ean,
  ISRC: line.isrc.replaceAll('-', ''),
  Quantity: line.units,
  Royalties: decimalText(royalty),
});

function byLabel(lines: ModelLine[]): Expected['unmatched'] {
  return [...Map.groupBy(lines, ({ label }) => decoded(label))]
    .map(([label, members]) => ({ label, members, net: sumOf(members.map(({ royalties }) => royalties)) }))
    .sort((a, b) => {
      const difference = scaled(b.net) - scaled(a.net);
      return difference === 0n ? (a.label < b.label ? -1 : 1) : difference > 0n ? 1 : -1;
    })
    .map(({ label, members, net }) => [label, members.length, net]);
}
