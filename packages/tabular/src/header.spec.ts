import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Delimiter } from './records.js';
import { columnsNamed, detectDelimiter } from './header.js';

it.each([
  ['Sales Period;Store;Country', ';'],
  ['Sales Period,Posted Date,Store Name', ','],
  ['Report Date\tSales Date\tQuantity', '\t'],
  ['"Total, gross";"Total, net";Store', ';'],
  ['"a;b;c;d",e', ','],
  ['Earnings (USD), net\tStore\tArtist', '\t'],
  ['one column', ';'],
])('%j is separated by %j', (header, delimiter) => {
  expect(detectDelimiter(header)).toBe(delimiter);
});

it('is separated by what stands between its quoted names, whatever is in them', () => {
  const names = fc.array(fc.string({ unit: fc.constantFrom('a', ';', ',', '\t', '"') }), { minLength: 2 });
  fc.assert(
    fc.property(names, fc.constantFrom<Delimiter>(';', ',', '\t'), (columns, delimiter) => {
      const header = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(delimiter);
      expect(detectDelimiter(header)).toBe(delimiter);
    }),
  );
});

describe('columnsNamed', () => {
  it.each([
    ['ISRC', 'isrc'],
    ['pays / région', 'PAYS/REGION'],
    ['quantite', 'Quantité'],
    ["nom de l'artiste", 'Nom de l’artiste'],
    ['# Units Sold', ' #  units sold '],
    ['Gross Revenue', '\uFEFFGross revenue'],
  ])('finds %j as %j', (name, column) => {
    expect(columnsNamed(['Store', column], name)).toEqual([1]);
  });

  it('finds all columns of a name, and none of another', () => {
    expect(columnsNamed(['ISRC', 'UPC', 'isrc'], 'ISRC')).toEqual([0, 2]);
    expect(columnsNamed(['ISRC 2', 'ISRCs'], 'ISRC')).toEqual([]);
  });
});
