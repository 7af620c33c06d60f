import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { engineInFolder } from '../../test/engine.js';
import { dialects, reportingMonth } from '../../test/layout-dialects.js';
import { decimalText, scaled } from '../../test/model.js';
import { showingLine, soldLine } from '../../test/sold-line.js';
import { fileOf, fileStyle } from '../../test/statement-files.js';
import { layoutsOf } from '../layouts/index.js';

const { read } = engineInFolder();

it.each(dialects)('%s is read as it was written, to the last digit', async (_, dialect) => {
  const lines = fc.array(soldLine, { minLength: 20, maxLength: 80 }).map((random) => [showingLine, ...random]);
  await fc.assert(
    fc.asyncProperty(lines, fileStyle, async (sold, style) => {
      const { distributor, currency, write } = dialect;
      const result = await read(fileOf(dialect, sold, style), {
        layouts: layoutsOf(distributor),
        reportingMonth,
        ...(currency && { currency }),
      });
      expect(result.rejected).toEqual([]);
      expect(result.lines.map(({ line: _line, quantity, net, ...told }) => [told, quantity, scaled(net)])).toEqual(
        sold.map((line) => [write(line, { net: '', quantity: '' })[1], `${line.quantity}`, line.net]),
      );
      expect(result.net).toBe(decimalText(sold.reduce((sum, { net }) => sum + net, 0n)));
      expect(result.quantity).toBe(`${sold.reduce((sum, { quantity }) => sum + quantity, 0)}`);
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
