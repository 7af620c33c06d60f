import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { engineInFolder } from '../../test/engine.js';
import { meant } from '../../test/layout-dialects.js';
import { decimalText, scaled } from '../../test/model.js';
import { head, saleRecord, salesReport, summaryRecord } from '../../test/sales-report.js';
import { showingLine, type SoldLine, soldLine } from '../../test/sold-line.js';
import { layoutsOf } from '../layouts/index.js';
import { StatementFailure } from './read-statement.js';

const { read } = engineInFolder();
const options = { layouts: layoutsOf('DSR'), reportingMonth: '202508' };

const uses = [
  ['OnDemandStream', 'stream'],
  ['PermanentDownload', 'download'],
  ['PurchaseAsPhysicalProduct', 'physical'],
  ['UseAsWallpaper', 'other'],
] as const;

/** Records are lines and cells are between tabs, so no text has either; nor is a service called nothing. */
const plain = (text: string): string => text.replaceAll(/[\t\r\n]/g, ' ');
const storeOf = ({ store }: SoldLine): string => plain(store).trim() || 'Some Music Service';

/** A report of these lines, with a summary for each place and use. */
function reportOf(lines: readonly SoldLine[], ending: string): string {
  const summaries = new Map<string, string>();
  const sales = lines.flatMap((line) => {
    const [use] = uses[line.kind % uses.length]!;
    const summary = {
      channel: plain(line.store).trim(),
      use,
      territory: line.country[1] === 'ZZ' ? 'Worldwide' : line.country[1],
      service: plain(line.subscription).trim(),
    };
    const key = JSON.stringify(summary);
    const id = `${[...summaries.keys(), key].indexOf(key)}`;
    summaries.set(key, summaryRecord({ ...summary, id }));
    const sale = saleRecord({
      summary: id,
      icpn: line.upc,
      isrc: line.isrc,
      releaseTitle: plain(line.release),
      title: plain(line.track),
      ...(line.isRelease ? { releaseArtist: plain(line.artist) } : { artist: plain(line.artist), releaseArtist: '' }),
      date: `${line.year}-${`${line.month}`.padStart(2, '0')}${line.choice % 2 === 0 ? '' : '-17'}`,
      usages: `${line.quantity}`,
      revenue: decimalText(line.net),
    });
    return line.choice % 7 === 0 ? [sale, 'DE01\tas agreed', ''] : [sale];
  });
  return salesReport([head(), ...summaries.values(), ...sales], ending);
}

describe('a DDEX sales report', () => {
  it('is read as it was written, to the last digit', async () => {
    const lines = fc.array(soldLine, { minLength: 20, maxLength: 80 }).map((random) => [showingLine, ...random]);
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('\n', '\r\n'), async (sold, ending) => {
        const result = await read(reportOf(sold, ending), options);
        expect(result.rejected).toEqual([]);
        expect(result.lines.map(({ quantity, net, ...told }) => [told, quantity, scaled(net)])).toEqual(
          sold.map((line) => [
            expect.objectContaining({
              salesMonth: `${line.year}${`${line.month}`.padStart(2, '0')}`,
              store: meant(storeOf(line)),
              country: line.country[1],
              artist: meant(plain(line.artist)),
              releaseTitle: meant(plain(line.release)),
              trackTitle: meant(plain(line.track)),
              upc: line.upc.replace('empty:', ''),
              isrc: line.isrc,
              salesType: uses[line.kind % uses.length]![0],
              usageType: uses[line.kind % uses.length]![1],
              subscriptionType: meant(plain(line.subscription)),
              currency: 'EUR',
            }),
            `${line.quantity}`,
            line.net,
          ]),
        );
        expect(result.net).toBe(decimalText(sold.reduce((sum, { net }) => sum + net, 0n)));
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }, 120_000);

  it('has its wrong lines rejected by their numbers in the file', async () => {
    const report = salesReport([
      '# by an earlier version',
      head(),
      summaryRecord({ id: '1' }),
      ...Array.from({ length: 40 }, () => saleRecord({})),
      saleRecord({ isrc: 'NOTANISRC' }),
    ]);
    const { rejected, counts } = await read(report, { ...options, maxRejectedPercent: 10 });
    expect(counts).toEqual({ read: 41, rejected: 1 });
    expect(rejected).toMatchObject([{ line: 44, column: 'ResourceISRC' }]);
  });

  it('fails as a whole when it is in two currencies', async () => {
    const two = [summaryRecord({ id: '1' }), summaryRecord({ id: '2', currency: 'USD' })];
    const report = salesReport([head(), ...two, saleRecord({}), saleRecord({ summary: '2' })]);
    await expect(read(report, options)).rejects.toThrow(StatementFailure);
    await expect(read(report, options)).rejects.toThrow('EUR and USD');
  });
});
