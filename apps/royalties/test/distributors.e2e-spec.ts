import { gzipSync } from 'node:zlib';
import { contractCreate } from '@countinghouse/client';
import { openTenant, type Platform, startProduct, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dialects, reportingMonth } from './layout-dialects.js';
import { showingLine, unit } from './sold-line.js';
import { type FileStyle, fileOf } from './statement-files.js';
import { zipFile } from './zip-file.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

/** A tenant whose member owns the track of `showingLine`. */
async function openOwner(): Promise<TestTenant> {
  const tenant = await openTenant(platform);
  const body = { userId: tenant.memberId, scope: 'track', match: showingLine.isrc, sharePercent: '50' } as const;
  await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
  return tenant;
}

const style: FileStyle = {
  mark: 'comma',
  encoding: 'utf8-bom',
  lineEnding: '\r\n',
  quotes: 'needed',
  isShuffled: true,
  hasBlankLinesBehind: true,
};

const lines = [
  showingLine,
  { ...showingLine, isrc: 'DEA622500002', quantity: 7 },
  { ...showingLine, quantity: -1, net: -unit / 10n },
];

it.each(dialects)('%s: a statement becomes a report, and is the same one however it is packed', async (_, dialect) => {
  const { admin, member } = await openOwner();
  const { distributor, currency = '' } = dialect;
  const file = fileOf(dialect, lines, style);
  const query = `distributor=${distributor}&reportingMonth=${reportingMonth}${currency && `&currency=${currency}`}`;
  const statement = await admin.uploaded(query, gzipSync(file));
  expect(statement).toMatchObject({
    state: 'completed',
    error: null,
    lines: { read: 3, accepted: 2, rejected: 0, unmatched: 1 },
    net: 0.9,
    royalties: 0.2,
  });
  for (const again of [file, zipFile({ 'statement.txt': file.toString() })]) {
    expect((await admin.upload(query, again)).json).toMatchObject({ id: statement.id, duplicate: true });
  }
  const reports = await member.get(`/financial/reports/user-reports/current?distributor=${distributor}`);
  expect(reports.json).toMatchObject([{ totalRoyalties: 0.2 }]);
});
