import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { StatementFailure } from './statement-failure.js';

/**
 * Cells of the records, in their order, as far as they are used: DDEX Digital Sales Report Message Suite, part 8 (record
 * types) and part 9 (financial reporting to record companies), https://dsr.ddex.net, compared on 2026-11-20.
 */
const headerCells = { profile: 2, senderName: 11 } as const;
const summaryCells = {
  SummaryRecordId: 1,
  DistributionChannelName: 2,
  CommercialModel: 4,
  UseType: 5,
  Territory: 12,
  ServiceDescription: 13,
  CurrencyOfAccounting: 21,
} as const;
const saleCells = [
  'RecordType',
  'SalesTransactionId',
  'ReleaseGRid',
  'ReleaseICPN',
  'DspReleaseId',
  'LabelReleaseId',
  'ProprietaryReleaseId',
  'ReleaseContextReleaseGRid',
  'ReleaseType',
  'ReleaseTitle',
  'ReleaseSubTitle',
  'ReleaseDisplayArtistName',
  'ReleaseDisplayArtistPartyId',
  'ResourceISRC',
  'ResourceISAN',
  'DspResourceId',
  'LabelResourceId',
  'ProprietaryResourceId',
  'ResourceContextReleaseGRid',
  'ResourceType',
  'ResourceTitle',
  'ResourceSubTitle',
  'ResourceDisplayArtistName',
  'ResourceDisplayArtistPartyId',
  'SummaryRecordId',
  'SalesTransactionDate',
  'TotalUsages',
  'Returns',
  'NetUsage',
  'WholesalePriceInCurrencyOfTransaction',
  'WholesalePriceInCurrencyOfAccounting',
  'SuggestedConsumerPriceInCurrencyOfTransaction',
  'SuggestedConsumerPriceInCurrencyOfAccounting',
  'PriceType',
  'PriceRangeType',
  'PriceConsumerPaidExcSalesTaxInCurrencyOfTransaction',
  'PriceConsumerPaidExcSalesTaxInCurrencyOfAccounting',
  'DeductionType',
  'DeductionsInCurrencyOfTransaction',
  'DeductionsInCurrencyOfAccounting',
  'RightSharePercentage',
  'CalculatedUnitPriceInCurrencyOfTransaction',
  'CalculatedUnitPriceInCurrencyOfAccounting',
  'AllocatedRevenueInCurrencyOfTransaction',
  'AllocatedRevenueInCurrencyOfAccounting',
  'AllocatedNetRevenueInCurrencyOfTransaction',
  'AllocatedNetRevenueInCurrencyOfAccounting',
  'CopyrightObligationWithDSP',
] as const;

/** The columns of a flattened report: a sale's own cells, then what its summary record says of it. */
export const flatColumns: readonly string[] = [
  ...saleCells,
  'Store',
  'CommercialModel',
  'UseType',
  'Territory',
  'ServiceDescription',
  'CurrencyOfAccounting',
];

const profile = /^FinancialReportingToRecordCompaniesProfile/;
const longestLine = 1024 * 1024;

/**
 * Rewrites a DDEX sales report (flat file, records HEAD or SRHE, SY10, SR08, DE01, SRFO) as a table with one header and
 * one line for each sale, tab-delimited, quoted where needed. Each line keeps its number: what is no sale becomes a
 * blank line.
 *
 * @throws StatementFailure for a report of another profile, and for one that contradicts itself or is cut off
 */
export async function flattenSalesReport(path: string, copy: string): Promise<void> {
  const report = new SalesReport();
  await pipeline(
    createReadStream(path, { encoding: 'utf8' }),
    async function* (chunks: AsyncIterable<string>) {
      let rest = '';
      for await (const chunk of chunks) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        if (rest.length > longestLine) throw new StatementFailure('The file has a line that is longer than 1 MiB');
        yield lines.map((line) => `${report.flatten(line)}\n`).join('');
      }
      if (rest !== '') yield `${report.flatten(rest)}\n`;
      report.end();
    },
    createWriteStream(copy),
  );
}

type Summary = { readonly [cell in keyof typeof summaryCells]: string };

/** What has been read of a report so far. */
class SalesReport {
  private line = 0;
  private senderName: string | null = null;
  private readonly summaries = new Map<string, Summary>();
  private isOver = false;

  /** @returns the line as the table has it */
  flatten(text: string): string {
    this.line++;
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '' || line.startsWith('#')) return '';
    const cells = line.split('\t');
    const [record] = cells[0]!.split('.'); // SR08.01: a later version of the same record
    if (this.isOver) throw new StatementFailure(`Line ${this.line} comes after the end of the report (SRFO)`);
    if (record === 'HEAD' || record === 'SRHE') return this.head(cells);
    if (this.senderName === null) throw new StatementFailure(`Line ${this.line} must be the HEAD record of the report`);
    switch (record) {
      case 'SY10':
        return this.summary(cells);
      case 'SR08':
        return this.sale(cells);
      case 'DE01':
        return '';
      case 'SRFO':
      case 'FOOT':
        return this.foot(cells);
      default:
        throw new StatementFailure(
          `Line ${this.line} is a "${record}" record; a report to record companies has SY10, SR08 and DE01 records`,
        );
    }
  }

  end(): void {
    if (!this.isOver) throw new StatementFailure('The report is cut off: its last record, SRFO, is missing');
  }

  private head(cells: readonly string[]): string {
    if (this.senderName !== null) throw new StatementFailure(`Line ${this.line} is a second HEAD record`);
    const name = cells[headerCells.profile] ?? '';
    if (!profile.test(name)) {
      throw new StatementFailure(
        `The report has the profile "${name}"; only FinancialReportingToRecordCompaniesProfile says what a label is paid`,
      );
    }
    this.senderName = textOf(cells[headerCells.senderName] ?? '');
    return flatColumns.join('\t');
  }

  private summary(cells: readonly string[]): string {
    const entries = Object.entries(summaryCells).map(([name, at]) => [name, textOf(cells[at] ?? '')] as const);
    const summary = Object.fromEntries(entries) as unknown as Summary;
    const id = summary.SummaryRecordId;
    if (id === '' || this.summaries.has(id)) {
      throw new StatementFailure(`Line ${this.line}: SummaryRecordId "${id}" is empty or used twice`);
    }
    this.summaries.set(id, summary);
    return '';
  }

  private sale(cells: readonly string[]): string {
    // As it is: the reader of tables rejects it for its number of cells.
    if (cells.length !== saleCells.length) return cells.map(tableCell).join('\t');
    const texts = cells.map(textOf);
    const cell = (name: (typeof saleCells)[number]) => texts[saleCells.indexOf(name)]!;
    const summary = this.summaries.get(cell('SummaryRecordId'));
    if (!summary) {
      throw new StatementFailure(
        `Line ${this.line} is of summary record "${cell('SummaryRecordId')}", which is missing`,
      );
    }
    return [
      ...texts,
      summary.DistributionChannelName || this.senderName!,
      summary.CommercialModel,
      summary.UseType,
      summary.Territory,
      summary.ServiceDescription,
      summary.CurrencyOfAccounting,
    ]
      .map(tableCell)
      .join('\t');
  }

  private foot([, lines, summaries]: readonly string[]): string {
    this.isOver = true;
    const found = `${this.line} lines and ${this.summaries.size} summary records`;
    if (Number(lines) === this.line && Number(summaries) === this.summaries.size) return '';
    throw new StatementFailure(
      `The report is not whole: its last record says ${lines} lines and ${summaries} summary records, the file has ${found}`,
    );
  }
}

/** A cell's text: `|` separates several values, and a backslash keeps the next character from meaning anything. */
const textOf = (cell: string): string => (cell.includes('\\') ? cell.replaceAll(/\\(.)/g, '$1') : cell);

const tableCell = (text: string): string => (/["\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
