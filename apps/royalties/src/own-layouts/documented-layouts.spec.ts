import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { engineInFolder } from '../../test/engine.js';
import { fields, type Layout } from '../layouts/layout.js';
import { layoutProblems } from '../layouts/layout-problems.js';

const { read } = engineInFolder();
const page = await readFile(new URL('../../../../docs/layouts.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text!);
const layouts = blocks('json').map((text) => JSON.parse(text) as Layout);

it('shows only layouts that could be made', () => {
  expect(layouts.length).toBe(2);
  for (const layout of layouts) expect(layoutProblems(layout)).toEqual([]);
});

it('shows a file with the layout that reads it', async () => {
  const [file] = blocks('csv');
  const { lines, rejected, currency, net, quantity } = await read(file!, { layouts: layouts.slice(0, 1) });
  expect({ rejected, currency, net, quantity }).toEqual({
    rejected: [],
    currency: 'EUR',
    net: '5.2432',
    quantity: '1203',
  });
  expect(lines.map(({ line, country, usageType, net }) => [line, country, usageType, Number(net)])).toEqual([
    [3, 'DE', 'stream', 3.8528],
    [4, 'FR', 'download', 1.4],
    [5, 'AT', 'stream', -0.0096],
  ]);
});

it('names every field and every part of a layout', () => {
  const parts: Record<Exclude<keyof Layout, 'records'>, true> = {
    delimiter: true,
    decimal: true,
    skipLines: true,
    trailers: true,
    months: true,
    columns: true,
    defaultCurrency: true,
    optional: true,
    alsoNumbers: true,
    usageBy: true,
    usage: true,
    usageOtherwise: true,
  };
  for (const name of [...fields, ...Object.keys(parts)]) expect(page).toContain(`\`${name}\``);
});
