import { expect, it } from '@jest/globals';
import { layoutProblems } from './layout-problems.js';

const columns = { salesMonth: 'Month', isrc: 'ISRC', quantity: 'Units', net: 'Amount', currency: { constant: 'EUR' } };
const good = { months: ['YYYY-MM'], columns, usage: { stream: ['Stream'] } };

const withColumns = (changes: object) => ({ ...good, columns: { ...columns, ...changes } });

it.each<[string, object]>([
  ['the least there must be', { ...good, usage: {} }],
  [
    'all there can be',
    {
      ...good,
      delimiter: '\t',
      decimal: 'comma',
      skipLines: 3,
      trailers: ['Total'],
      months: ['YYYY-MM', 'D.M.YYYY'],
      defaultCurrency: 'USD',
      optional: ['isrc'],
      alsoNumbers: ['Price'],
      usageBy: 'currency',
      usageOtherwise: 'stream',
    },
  ],
  ['a column of several names', withColumns({ net: ['Amount', 'Betrag'] })],
  ['the first of several columns', withColumns({ isrc: { firstOf: ['ISRC', ['Song', 'Track']] } })],
  ['one of two columns', withColumns({ quantity: { when: 'Kind', is: 'Album', take: 'Albums', otherwise: 'Tracks' } })],
  ['a period', withColumns({ salesMonth: { firstDay: 'From', lastDay: 'To' } })],
  [
    'constants',
    withColumns({ label: { constant: "Guns N' Roses" }, quantity: { constant: '1' }, country: { constant: 'DE' } }),
  ],
])('takes %s', (_, layout) => {
  expect(layoutProblems(layout)).toEqual([]);
});

it.each<[string, unknown, string, string]>([
  ['nothing', undefined, '', 'expected object'],
  ['a list', [], '', 'expected object'],
  ['what it does not know', { ...good, colour: 'red' }, 'colour', 'is not known'],
  ['a field that there is not', withColumns({ isr: 'ISRC' }), 'columns.isr', 'Fields are label, artist'],
  [
    'a field named like a part of all objects',
    withColumns({ constructor: 'ISRC' }),
    'columns.constructor',
    'is not known',
  ],
  ['no columns', { ...good, columns: 'ISRC' }, 'columns', 'object of fields'],
  ['no net', withColumns({ net: undefined }), 'columns.net', 'is missing'],
  ['no month', withColumns({ salesMonth: undefined }), 'columns.salesMonth', 'is missing'],
  ['no quantity', withColumns({ quantity: undefined }), 'columns.quantity', 'is missing'],
  ['nothing that has an owner', withColumns({ isrc: undefined }), 'columns.label', 'no line finds its owner'],
  ['a net that is the same for all', withColumns({ net: { constant: '1' } }), 'columns.net', 'must come from a column'],
  ['a column without a name', withColumns({ isrc: ' ' }), 'columns.isrc', 'must be the name of a column'],
  ['a column of too long a name', withColumns({ isrc: 'x'.repeat(201) }), 'columns.isrc', 'not be longer than 200'],
  ['a column that is a number', withColumns({ isrc: 3 }), 'columns.isrc', 'must be the name of a column'],
  [
    'a constant beside a column',
    withColumns({ isrc: { constant: 'x', firstOf: ['a', 'b'] } }),
    'columns.isrc',
    'must be',
  ],
  ['no ISRC', withColumns({ isrc: { constant: 'x' } }), 'columns.isrc', '"x" is no ISRC'],
  ['no currency', withColumns({ currency: { constant: 'EURO' } }), 'columns.currency', 'is no ISO 4217 currency code'],
  ['no default currency', { ...good, defaultCurrency: 'XYZ' }, 'defaultCurrency', 'is no ISO 4217 currency code'],
  ['no country', withColumns({ country: { constant: 'Atlantis' } }), 'columns.country', 'is no country'],
  [
    'no month of its own patterns',
    withColumns({ salesMonth: { constant: '07/2025' } }),
    'columns.salesMonth',
    'YYYY-MM',
  ],
  [
    'a quantity that depends on the mark',
    withColumns({ quantity: { constant: '1.000' } }),
    'columns.quantity',
    'whole number',
  ],
  ['control characters', withColumns({ label: { constant: 'a\0b' } }), 'columns.label.constant', 'control characters'],
  ['half a character', { ...good, trailers: ['\ud800'] }, 'trailers.0', 'control characters'],
  ['an empty trailer, which every line begins with', { ...good, trailers: [''] }, 'trailers.0', 'must not be empty'],
  [
    'a period for a text',
    withColumns({ label: { firstDay: 'a', lastDay: 'b' } }),
    'columns.label',
    'cannot be a period',
  ],
  ['no months', { ...good, months: [] }, 'months', 'YYYY-MM-DD'],
  ['a regular expression', { ...good, months: ['\\d+YYYYMM'] }, 'months.0', 'may have only'],
  ['a delimiter of two characters', { ...good, delimiter: '::' }, 'delimiter', 'must be ";", "," or a tab'],
  ['a decimal mark of its own', { ...good, decimal: ',' }, 'decimal', 'must be "point" or "comma"'],
  ['part of a line to skip', { ...good, skipLines: 1.5 }, 'skipLines', 'whole number'],
  ['fewer lines than none', { ...good, skipLines: -1 }, 'skipLines', 'not be negative'],
  ['a million lines to skip', { ...good, skipLines: 1_000_000 }, 'skipLines', '1000'],
  [
    'too long a list',
    { ...good, usage: { stream: Array.from({ length: 501 }, (_, at) => `${at}`) } },
    'usage.stream',
    '500',
  ],
  ['an optional field that is needed', { ...good, optional: ['net'] }, 'optional', 'no file may leave out'],
  ['an optional field without a column', { ...good, optional: ['store'] }, 'optional', 'columns does not have'],
  ['a use by nothing', { ...good, usageBy: 'store' }, 'usageBy', 'columns does not have'],
  ['a use that there is not', { ...good, usage: { rental: ['Rent'] } }, 'usage.rental', 'is not known'],
  ['a text of two uses', { ...good, usage: { stream: ['Sale'], download: ['SALE'] } }, 'usage.download', 'second time'],
  ['a text with spaces', { ...good, usage: { stream: ['Sale '] } }, 'usage.stream', 'spaces around'],
])('refuses %s', (_, layout, field, message) => {
  expect(layoutProblems(layout)).toContainEqual({ field, message: expect.stringContaining(message) });
});

it('tells all that is wrong at once', () => {
  const problems = layoutProblems({ months: ['MM'], columns: { net: 3, x: 'y' }, usage: {}, delimiter: '|' });
  expect(problems.map(({ field }) => field).sort()).toEqual(['columns.net', 'columns.x', 'delimiter', 'months.0']);
});
