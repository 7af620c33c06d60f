/** One line of a BELIEVE statement; what is not given is a plain valid value. */
export interface BelieveLine {
  reportingMonth?: string;
  label?: string;
  currency?: string;
  net?: string;
}

const header =
  'Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;Release title;Track title;UPC;ISRC;Release Catalog nb;Streaming Subscription Type;Release type;Sales Type;Quantity;Client Payment Currency;Unit Price;Mechanical Fee;Gross Revenue;Client share rate;Net Revenue';

const believeLine = ({
  reportingMonth = '2025/08/01',
  label = 'Polar Records',
  currency = 'EUR',
  net = '0.0123',
}: BelieveLine): string =>
  `"${reportingMonth}";"2025/07/01";"Spotify";"Germany";"${label}";"Ada";"Snow";"Snow";"4260123459598";"DEA622500001";` +
  `"PR-1";"Premium";"Music Release";"Stream";"3";"${currency}";"0.0041";"0";"0.0123";"100";"${net}"`;

export const believeFile = (lines: BelieveLine[]): string => `${[header, ...lines.map(believeLine)].join('\n')}\n`;
