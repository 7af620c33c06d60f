import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { cellText } from '../domain/cell-text.js';
import { layoutsOf } from '../layouts/index.js';
import { kontorFile, kontorHeader, kontorLine } from '../../test/kontor-file.js';
import { engineInFolder } from '../../test/engine.js';
import type { Layout } from '../layouts/layout.js';

const { read, failureOf } = engineInFolder();
const believe = { layouts: layoutsOf('BELIEVE') };

const lf = (...records: string[]) => `${[kontorHeader, ...records].join('\n')}\n`;

describe('a KONTOR statement', () => {
  it('becomes lines with every field', async () => {
    const line = {
      period: '07/2025',
      country: 'Germany',
      ean: '4260123459598',
      isrc: 'de-a62-25-00001',
      royalties: '-1.234,5',
      units: '-1.234',
    };
    const { lines, currency, counts, net, quantity } = await read(kontorFile([line]));
    expect(lines).toEqual([
      {
        line: 2,
        salesMonth: '202507',
        store: 'Spotify',
        channelType: 'Streaming',
        country: 'DE',
        label: 'Polar Records',
        artist: 'Ada',
        releaseTitle: 'Snow',
        trackTitle: 'Snow',
        upc: '4260123459598',
        isrc: 'DEA622500001',
        catalogNumber: 'PR-1',
        salesType: 'Streaming',
        usageType: 'stream',
        subscriptionType: '',
        currency: 'EUR',
        quantity: '-1234',
        net: '-1234.5',
      },
    ]);
    expect({ currency, counts, net, quantity }).toEqual({
      currency: 'EUR',
      counts: { read: 1, rejected: 0 },
      net: '-1234.5',
      quantity: '-1234',
    });
  });

  it('counts each of two lines that are the same', async () => {
    const { counts, net } = await read(kontorFile([{ royalties: '0,5' }, { royalties: '0,5' }]));
    expect(counts.read).toBe(2);
    expect(net).toBe('1');
  });

  it('finds its columns in any order, in any case, among others', async () => {
    const header =
      'x;UNITS;royalties;isrc;ean;article no;product artist;Product  Title;LABEL;Country;ch.-type;Store;sales period;y';
    const { lines } = await read(`${header}\n-;3;0.5;;;A1;Ada;Snow;Polar;FR;Download;iTunes;202507;-\n`);
    expect(lines).toMatchObject([
      { quantity: '3', net: '0.5', label: 'Polar', country: 'FR', usageType: 'download', store: 'iTunes' },
    ]);
  });

  it('does without the column that is optional', async () => {
    const [header, line] = [kontorHeader, kontorLine()].map((record) => record.split(';').toSpliced(12, 1).join(';'));
    expect((await read(`${header}\n${line}\n`)).lines).toMatchObject([{ catalogNumber: '' }]);
  });

  it('decodes entities and trims, and leaves other text as it is', async () => {
    const { lines } = await read(kontorFile([{ label: ' Rock &amp; Roll ', title: '=Formula', artist: 'Bj&ouml;rk' }]));
    expect(lines).toMatchObject([{ label: 'Rock & Roll', trackTitle: '=Formula', artist: 'Björk' }]);
  });
});

describe('a BELIEVE statement', () => {
  const english =
    'Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;Release title;Track title;UPC;ISRC;Release Catalog nb;Streaming Subscription Type;Release type;Sales Type;Quantity;Client Payment Currency;Unit Price;Mechanical Fee;Gross Revenue;Client share rate;Net Revenue';
  const line = (cells: Record<number, string> = {}) =>
    '2025/08/01;2025/06/01;Deezer;Ivory Coast;Polar Records;Ada;Winter;Snow;4260123459598;DEA622500001;PR-1;Premium;Music Release;Stream;3;USD;0.004;0;0.012;100;0.012'
      .split(';')
      .map((cell, at) => `"${cells[at] ?? cell}"`)
      .join(';');
  const file = (...lines: string[]) => `${english}\n${lines.join('\n')}\n`;

  it('becomes lines with every field', async () => {
    const { lines, currency } = await read(file(line()), believe);
    expect(currency).toBe('USD');
    expect(lines).toMatchObject([
      {
        salesMonth: '202506',
        store: 'Deezer',
        channelType: '',
        country: 'CI',
        releaseTitle: 'Winter',
        trackTitle: 'Snow',
        catalogNumber: 'PR-1',
        salesType: 'Stream',
        usageType: 'stream',
        subscriptionType: 'Premium',
        quantity: '3',
        net: '0.012',
      },
    ]);
  });

  it('is read with French headers, decimal comma and byte order mark', async () => {
    const header =
      "mois de reporting;mois de vente;plateforme;pays / région;nom du label;nom de l'artiste;titre de la sortie;titre de la piste;upc;isrc;reference catalogue sortie;type de sortie;type de vente;quantite;devise de paiement du client;revenu brut;taux de revenu client;revenu net";
    const row =
      '01/08/2025;01/06/2025;Deezer;Allemagne;Éditions Polar;Ada;Hiver;Neige;4260123459598;DEA622500001;PR-1;Single;Téléchargement;3;EUR;0,020;60,00;0,012';
    const { lines, net } = await read(`\uFEFF${header}\r\n${row}\r\n`, believe);
    expect(net).toBe('0.012');
    expect(lines).toMatchObject([
      { salesMonth: '202506', country: 'DE', label: 'Éditions Polar', usageType: 'download' },
    ]);
  });

  it('decides its decimal mark from all of its columns of numbers', async () => {
    const comma = line({ 16: '0,004', 18: '1,234', 20: '1,234' });
    expect((await read(file(comma), believe)).net).toBe('1.234');
    expect(await failureOf(file(line({ 16: '1,004', 17: '', 18: '', 20: '1,234' })), believe)).toContain('decimal=');
  });

  it('fails when it is of another month, and names both', async () => {
    const message = await failureOf(file(line(), line({ 0: '2025/07/01' })), believe);
    expect(message).toBe('The file is of reporting month 202507, the upload says 202508');
  });

  it('fails when it is in another currency, and names both', async () => {
    const message = await failureOf(file(line()), { ...believe, currency: 'EUR' });
    expect(message).toBe('The amounts of the file are in USD, the upload says EUR');
  });

  it('fails when it is in two currencies', async () => {
    const message = await failureOf(file(line(), line({ 15: 'EUR' })), believe);
    expect(message).toBe('The file has amounts in EUR and USD; a statement has only one currency');
  });
});

describe('numbers', () => {
  it('are read as the upload says when they do not tell', async () => {
    const content = lf(kontorLine({ royalties: '1.234' }));
    expect((await read(content, { decimal: 'comma' })).net).toBe('1234');
    expect((await read(content, { decimal: 'point' })).net).toBe('1.234');
  });

  it('keep every digit, and sum up exactly', async () => {
    const amounts = ['0.1', '0.2', '-0.000000000000001', '999999999999999.999999999999999', '1.2E-5', '(0.3)'];
    const { lines, net } = await read(lf(...amounts.map((royalties) => kontorLine({ royalties }))));
    expect(lines.map((row) => row.net.replace(/0+$/, ''))).toEqual(
      '0.1 0.2 -0.000000000000001 999999999999999.999999999999999 0.000012 -0.3'.split(' '),
    );
    expect(net).toBe('1000000000000000.000011999999998');
  });

  it('of a file of whole amounts stay whole', async () => {
    const { lines, net } = await read(lf(kontorLine({ royalties: '100' }), kontorLine({ royalties: '2000' })));
    expect(lines.map((row) => Number(row.net))).toEqual([100, 2000]);
    expect(net).toBe('2100');
  });
});

describe('a file is read the same', () => {
  const records = [
    kontorLine({ title: 'Été à Köln', label: 'Sœur' }),
    kontorLine({ title: 'x;"y"', isrc: 'bad' }),
    kontorLine(),
  ];
  const text = (ending: string) => [kontorHeader, ...records].join(ending) + ending;
  const comma = (content: string) =>
    content
      .replaceAll(/"[^;]*;[^;]*"|;/g, (part) => (part === ';' ? ',' : part))
      .replaceAll('0,0123456789', '0.0123456789');

  it.each([
    ['with LF', text('\n')],
    ['with CRLF', text('\r\n')],
    ['without a last line ending', text('\n').slice(0, -1)],
    ['with blank lines behind', `${text('\r\n')}\r\n\r\n`],
    ['with blank lines and spaces behind', `${text('\n')}\n  \n\t\n`],
    ['with both line endings', `${[kontorHeader, ...records.slice(0, 2)].join('\r\n')}\r\n${records[2]}\n`],
    ['with a byte order mark', `\uFEFF${text('\n')}`],
    ['in UTF-16 LE', Buffer.from(`\uFEFF${text('\r\n')}`, 'utf16le')],
    ['in UTF-16 BE', Buffer.from(`\uFEFF${text('\n')}`, 'utf16le').swap16()],
    ['in Windows-1252', Buffer.from(text('\n').replace('œ', '\x9c'), 'latin1')],
    ['with commas', comma(text('\n'))],
    ['with tabs', comma(text('\n')).replaceAll(/"[^"]*(?:""[^"]*)*"|,/g, (part) => (part === ',' ? '\t' : part))],
  ])('%s', async (_, content) => {
    const { lines, rejected, counts } = await read(content);
    expect(counts).toEqual({ read: 3, rejected: 1 });
    expect(lines.map(({ line, trackTitle, label }) => [line, trackTitle, label])).toEqual([
      [2, 'Été à Köln', 'Sœur'],
      [4, 'Snow', 'Polar Records'],
    ]);
    expect(rejected).toMatchObject([{ line: 3, column: 'ISRC' }]);
  });
});

it('a layout may take two fields from one column', async () => {
  const [kontor] = layoutsOf('KONTOR');
  const layout: Layout = { ...kontor!, columns: { ...kontor!.columns, label: 'Store', artist: 'Store' } };
  const { lines } = await read(kontorFile([{ store: 'Deezer' }, { store: 'Spotify' }]), { layouts: [layout] });
  expect(lines.map(({ label, artist, store }) => [label, artist, store])).toEqual([
    ['Deezer', 'Deezer', 'Deezer'],
    ['Spotify', 'Spotify', 'Spotify'],
  ]);
});

it('a layout may name several columns for a field, leave others empty and fix the decimal mark', async () => {
  const layout: Layout = {
    delimiter: ',',
    decimal: 'comma',
    months: ['MM/DD/YYYY'],
    columns: {
      salesMonth: 'Date',
      label: { constant: 'Polar Records' },
      isrc: ['Track code', 'ISRC'],
      quantity: { constant: '1' },
      currency: { constant: 'USD' },
      net: 'Net',
    },
    usage: {},
  };
  const { lines, currency } = await read('Date,ISRC,Net\n"07/31/2025",DEA622500001,"1.234"\n', { layouts: [layout] });
  expect(currency).toBe('USD');
  expect(lines).toMatchObject([
    {
      salesMonth: '202507',
      label: 'Polar Records',
      isrc: 'DEA622500001',
      quantity: '1',
      net: '1234.0',
      country: 'ZZ',
      usageType: 'other',
    },
  ]);
});

it('tells how far it is', async () => {
  const told: number[] = [];
  await read(kontorFile([{}]), { onProgress: (percent) => told.push(percent) });
  expect(told).toEqual(told.toSorted((one, other) => one - other));
  expect(told.length).toBeGreaterThan(3);
});

describe('whatever is in a file', () => {
  it('its texts come out as they went in', async () => {
    const unit = fc.constantFrom(
      'a',
      'é',
      '😀',
      ' ',
      ';',
      ',',
      '"',
      '""',
      '\n',
      '\r\n',
      '\r',
      '\t',
      '&',
      '&amp;',
      "'",
      '\\',
      '=',
      '#',
    );
    const texts = fc.array(fc.string({ unit, maxLength: 12 }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('\n', '\r\n'), async (titles, ending) => {
        const content = [kontorHeader, ...titles.map((title) => kontorLine({ title }))].join(ending) + ending;
        const { lines, rejected } = await read(content);
        expect(rejected).toEqual([]);
        expect(lines.map((line) => line.trackTitle)).toEqual(titles.map(cellText));
      }),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it('each of its records is either a line or rejected', async () => {
    const good = kontorLine();
    const bytes = ['"', '""', ';', '\n', '\r\n', '\r', ' ', '\t', '\0', '\xff', 'é', 'x'];
    const piece = fc.constantFrom(...bytes, good, `\n${good}\n`, `${good};`, `"${good}"`);
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 300 }), fc.boolean(), async (pieces, latin1) => {
        const soup = pieces.join('');
        const content = `${kontorHeader}\n${good}\n${soup}\n${good}\n`;
        const { lines, rejected, counts } = await read(latin1 ? Buffer.from(content, 'latin1') : content);
        expect(lines.length + rejected.length).toBe(counts.read);
        expect(rejected).toHaveLength(counts.rejected);
        expect(lines[0]).toMatchObject({ line: 2, trackTitle: 'Snow' });
        expect(new Set([...lines, ...rejected].map(({ line }) => line)).size).toBe(counts.read);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
