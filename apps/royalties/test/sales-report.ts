/** A sale of a DDEX sales report, as far as tests care; every other cell of its record is empty. */
export interface Sale {
  summary?: string;
  icpn?: string;
  isrc?: string;
  releaseTitle?: string;
  releaseArtist?: string;
  title?: string;
  artist?: string;
  date?: string;
  usages?: string;
  revenue?: string;
}

export interface Summary {
  id: string;
  channel?: string;
  model?: string;
  use?: string;
  territory?: string;
  service?: string;
  currency?: string;
}

/** What a report escapes in a cell. */
export const dsrText = (text: string): string => text.replaceAll(/[\\|]/g, '\\$&');

const cells = (length: number, at: Record<number, string | undefined>): string =>
  Array.from({ length }, (_, index) => at[index + 1] ?? '').join('\t');

export const summaryRecord = (summary: Summary): string =>
  cells(48, {
    1: 'SY10',
    2: summary.id,
    3: dsrText(summary.channel ?? ''),
    5: summary.model ?? 'SubscriptionModel',
    6: summary.use ?? 'OnDemandStream',
    7: '2025-08',
    8: '2025-08',
    13: summary.territory ?? 'DK',
    14: summary.service,
    22: summary.currency ?? 'EUR',
  });

export const saleRecord = (sale: Sale, record = 'SR08'): string =>
  cells(48, {
    1: record,
    2: 'T1',
    4: sale.icpn,
    5: 'R1',
    10: dsrText(sale.releaseTitle ?? ''),
    12: dsrText(sale.releaseArtist ?? ''),
    14: sale.isrc,
    21: dsrText(sale.title ?? ''),
    23: dsrText(sale.artist ?? ''),
    25: sale.summary ?? '1',
    26: sale.date ?? '2025-08-31',
    27: sale.usages ?? '1',
    28: '0',
    29: sale.usages ?? '1',
    45: sale.revenue ?? '1.5',
    48: 'false',
  });

export const head = (profile = 'FinancialReportingToRecordCompaniesProfileSRB', record = 'HEAD'): string =>
  cells(16, {
    1: record,
    2: 'dsrf/3.0/3.0/3.0',
    3: profile,
    4: '1.0',
    5: 'M1',
    6: '2025-09-10T08:00:00+02:00',
    7: '1',
    8: '1',
    9: '2025-08',
    10: '2025-08',
    11: 'PADPIDA2014999999Z',
    12: 'Some Music Service',
  });

/** A whole report of these records, closed by the record that counts them. */
export const salesReport = (records: readonly string[], ending = '\n'): string => {
  const summaries = records.filter((record) => record.startsWith('SY10')).length;
  return [...records, `SRFO\t${records.length + 1}\t${summaries}`, ''].join(ending);
};
