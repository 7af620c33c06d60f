import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { engineInFolder, type ReadResult } from '../../test/engine.js';
import { type Dialect, dialects, reportingMonth } from '../../test/layout-dialects.js';
import { decimalText, scaled } from '../../test/model.js';
import { mutation } from '../../test/mutations.js';
import { showingLine, soldLine } from '../../test/sold-line.js';
import { fileOf, fileStyle } from '../../test/statement-files.js';
import { layoutsOf } from '../layouts/index.js';
import { StatementFailure } from './read-statement.js';

const { read } = engineInFolder();

/** The lines of a file, or why it cannot be read as a whole; any other error is one of ours. */
const readOrFail = (content: Buffer, { distributor, currency }: Dialect): Promise<ReadResult | StatementFailure> =>
  read(content, { layouts: layoutsOf(distributor), reportingMonth, ...(currency && { currency }) }).catch((error) => {
    if (error instanceof StatementFailure) return error;
    throw error;
  });

const runs = Number(process.env['FUZZ_RUNS'] ?? 20);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);

it.each(dialects.map(([name, dialect], at) => [name, dialect, firstSeed + at] as const))(
  '%s, damaged in any way, is read so that the sums are right, or fails and says why',
  async (_, dialect, seed) => {
    const sold = fc.array(soldLine, { maxLength: 12 }).map((lines) => [showingLine, ...lines]);
    const damage = fc.array(mutation, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(sold, fileStyle, damage, async (lines, style, mutations) => {
        const content = mutations.reduce((bytes, mutate) => mutate(bytes), fileOf(dialect, lines, style));
        const result = await readOrFail(content, dialect);
        if (result instanceof StatementFailure) {
          expect(result.message).toMatch(/\S/);
          return;
        }
        const { counts, net, quantity, rejected } = result;
        expect(result.lines.length + counts.rejected).toBe(counts.read);
        expect(rejected).toHaveLength(counts.rejected);
        expect(rejected.every(({ reason }) => reason !== '')).toBe(true);
        expect(new Set([...result.lines, ...rejected].map(({ line }) => line)).size).toBe(counts.read);
        expect(net).toBe(decimalText(result.lines.reduce((sum, line) => sum + scaled(line.net), 0n)));
        expect(quantity).toBe(`${result.lines.reduce((sum, line) => sum + BigInt(line.quantity), 0n)}`);
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
  },
);
