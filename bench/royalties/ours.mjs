// The product's engine as its jobs call it, in a process of its own: node ours.mjs <statement> <work folder>
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { labelKey } from '@countinghouse/catalogue';
import { bookLines } from '../../apps/royalties/dist/engine/book-lines.js';
import { readStatement } from '../../apps/royalties/dist/engine/read-statement.js';
import { writeReportFiles } from '../../apps/royalties/dist/engine/write-report-files.js';
import { layoutsOf } from '../../apps/royalties/dist/layouts/index.js';
import { owned } from './statement-file.mjs';

const [, , path, folder] = process.argv;
const limits = { memoryMiB: 256, threads: 2 };
const workDir = join(folder, 'ours');
rmSync(workDir, { recursive: true, force: true });
mkdirSync(workDir, { recursive: true });
const terms = owned.map((label, at) => ({
  contractId: at + 1,
  scope: 'label',
  key: labelKey(label),
  owner: `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`,
  sharePercent: String(50 + (at % 50)),
  from: null,
  until: null,
}));

const stages = {};
const timed = async (stage, work) => {
  const start = performance.now();
  const result = await work();
  stages[stage] = performance.now() - start;
  return result;
};

const lines = await timed('read', () =>
  readStatement({
    path,
    layouts: layoutsOf('KONTOR'),
    reportingMonth: '202508',
    maxRejectedPercent: 5,
    workDir,
    limits,
  }),
);
const booked = await timed('book', () => bookLines({ linesPath: lines.linesPath, terms, workDir, limits }));
await timed('report', () =>
  writeReportFiles({
    parts: [{ path: booked.acceptedPath, sign: 1 }],
    reports: booked.accepted.owners.map(({ owner }, at) => ({ id: at + 1, owner, reportingMonth: '202508' })),
    delimiter: 'comma',
    outDir: join(workDir, 'files'),
    workDir,
    limits,
  }),
);
process.send({
  stages,
  milliseconds: Object.values(stages).reduce((sum, part) => sum + part, 0),
  lines: lines.counts,
  royalties: booked.accepted.royalties,
  peakMiB: process.resourceUsage().maxRSS / 1024,
});
rmSync(workDir, { recursive: true, force: true });
