import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { head, saleRecord, salesReport, summaryRecord } from '../../test/sales-report.js';
import { flatColumns, flattenSalesReport } from './dsr.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const flattened = async (report: string): Promise<string[]> => {
  const path = join(folder, 'report.tsv');
  const copy = join(folder, 'table.tsv');
  await writeFile(path, report);
  await flattenSalesReport(path, copy);
  return (await readFile(copy, 'utf8')).split('\n');
};

/** The cells of a line by their columns; for lines without quotes. */
const named = (line: string | undefined): Record<string, string> =>
  Object.fromEntries(line!.split('\t').map((cell, at) => [flatColumns[at], cell]));

describe('a sales report as a table', () => {
  it.each([
    ['HEAD', 'SR08', '\n'],
    ['SRHE', 'SR08.01', '\r\n'],
  ])('gives each sale of %s and %s what its summary says, and each line its number', async (header, sale, ending) => {
    const records = [
      '#HEAD\tMessageVersion',
      head(undefined, header),
      summaryRecord({ id: '1', territory: 'DE', use: 'PermanentDownload', model: 'PayAsYouGoModel' }),
      summaryRecord({ id: 'x', channel: 'A Partner', territory: 'Worldwide', currency: 'USD', service: 'Premium' }),
      saleRecord(
        { isrc: 'USUM70600055', title: 'Song', artist: 'Singer', releaseArtist: 'Band', revenue: '0.25' },
        sale,
      ),
      'DE01\tas agreed',
      '',
      saleRecord({ summary: 'x', icpn: '4006381333931', releaseTitle: 'Album', releaseArtist: 'Band' }, sale),
    ];
    const lines = await flattened(salesReport(records, ending));
    const filled = lines.flatMap((line, at) => (line === '' ? [] : [at + 1]));
    expect(filled).toEqual([2, 5, 8]);
    expect(lines[1]).toBe(flatColumns.join('\t'));
    expect(named(lines[4])).toMatchObject({
      ResourceISRC: 'USUM70600055',
      ResourceTitle: 'Song',
      ResourceDisplayArtistName: 'Singer',
      AllocatedRevenueInCurrencyOfAccounting: '0.25',
      Store: 'Some Music Service',
      CommercialModel: 'PayAsYouGoModel',
      UseType: 'PermanentDownload',
      Territory: 'DE',
      CurrencyOfAccounting: 'EUR',
    });
    expect(named(lines[7])).toMatchObject({
      ReleaseICPN: '4006381333931',
      ReleaseTitle: 'Album',
      ReleaseDisplayArtistName: 'Band',
      Store: 'A Partner',
      Territory: 'Worldwide',
      ServiceDescription: 'Premium',
      CurrencyOfAccounting: 'USD',
    });
  });

  it('keeps every character of a text', async () => {
    const title = 'täst "right" | back\\slash';
    const [, , line] = await flattened(salesReport([head(), summaryRecord({ id: '1' }), saleRecord({ title })]));
    expect(line).toContain('\t"täst ""right"" | back\\slash"\t');
  });

  it('leaves a sale with too few cells to be rejected', async () => {
    const short = saleRecord({}).split('\t').slice(0, 40).join('\t');
    const [, , line] = await flattened(salesReport([head(), summaryRecord({ id: '1' }), short]));
    expect(line!.split('\t')).toHaveLength(40);
  });

  const summary = summaryRecord({ id: '1' });
  it.each([
    ['of another profile', salesReport([head('BasicAudioProfile'), summary]), 'has the profile "BasicAudioProfile"'],
    ['without a head', salesReport([summary, saleRecord({})]), 'Line 1 must be the HEAD record'],
    ['with two heads', salesReport([head(), head(), summary]), 'Line 2 is a second HEAD record'],
    ['with other records', salesReport([head(), summary, 'RE01\t1']), 'Line 3 is a "RE01" record'],
    ['with a summary twice', salesReport([head(), summary, summary]), 'SummaryRecordId "1" is empty or used twice'],
    ['without a summary', salesReport([head(), saleRecord({ summary: '7' })]), 'summary record "7", which is missing'],
    [
      'without an end',
      [head(), summary, saleRecord({}), ''].join('\n'),
      'is cut off: its last record, SRFO, is missing',
    ],
    [
      'with lines missing',
      `${head()}\n${summary}\nSRFO\t9\t1\n`,
      'says 9 lines and 1 summary records, the file has 3 lines',
    ],
    ['that goes on', `${salesReport([head(), summary])}${summary}\n`, 'Line 4 comes after the end of the report'],
    ['of one endless line', `${head()}\n${'x'.repeat(2_000_000)}`, 'longer than 1 MiB'],
  ])('is refused when it is one %s', async (_, report, message) => {
    await expect(flattened(report)).rejects.toThrow(message);
  });

  it('is refused when it is the published test file of another profile', async () => {
    const published = await readFile(new URL('../../test/dsr/another-profile.tsv', import.meta.url), 'utf8');
    await expect(flattened(published)).rejects.toThrow('must be the HEAD record of the report');
  });
});
