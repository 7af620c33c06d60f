import type { SoldLine } from './sold-line.js';
import { statementHeaders } from './statement-headers.js';

/**
 * How each distributor writes a line into its own files: the other way round from the layouts, and without them. What a
 * file cannot tell is not in what is told.
 */

/** What must be read from a line; the amounts apart. */
export type ToldLine = Record<
  | 'salesMonth'
  | 'store'
  | 'channelType'
  | 'country'
  | 'label'
  | 'artist'
  | 'releaseTitle'
  | 'trackTitle'
  | 'upc'
  | 'isrc'
  | 'catalogNumber'
  | 'salesType'
  | 'usageType'
  | 'subscriptionType'
  | 'currency',
  string
>;

type WrittenLine = [cells: Record<string, string>, told: ToldLine];

export interface Dialect {
  distributor: string;
  header: readonly string[];
  delimiter: ';' | ',' | '\t';
  /** The cells by their columns; a column without a cell is left empty. */
  write: (line: SoldLine, amounts: { net: string; quantity: string }) => WrittenLine;
  trailers: readonly string[];
  /** Of the upload, where it decides. */
  currency?: string;
}

export const reportingMonth = '202508';

const two = (number: number): string => `${number}`.padStart(2, '0');
const monthOf = ({ year, month }: SoldLine): string => `${year}${two(month)}`;

/** As people mean the text of a cell. */
export const meant = (text: string): string => text.replaceAll('&amp;', '&').trim();

const pick = <T>(choices: readonly T[], at: number): T => choices[at % choices.length]!;

const separatedCode = (code: string, line: SoldLine): string =>
  line.choice % 3 === 0 && code !== ''
    ? `${code.slice(0, 2)}-${code.slice(2, 5)}-${code.slice(5, 7)}-${code.slice(7)}`
    : code;

/** Day of the sale `shift` days later, as YYYY, MM and DD. */
const dayParts = ({ year, month }: SoldLine, shift: number, middle = 15): [string, string, string] => {
  const [y, m, d] = new Date(Date.UTC(year, month - 1, middle + shift)).toISOString().slice(0, 10).split('-');
  return [y!, m!, d!];
};

const told = (line: SoldLine, changes: Partial<ToldLine>): ToldLine => ({
  salesMonth: monthOf(line),
  store: meant(line.store),
  channelType: '',
  country: line.country[1],
  label: meant(line.label),
  artist: meant(line.artist),
  releaseTitle: meant(line.release),
  trackTitle: meant(line.track),
  upc: line.upc.replace('empty:', ''),
  isrc: line.isrc,
  catalogNumber: meant(line.catalogNumber),
  salesType: '',
  usageType: 'other',
  subscriptionType: '',
  currency: '',
  ...changes,
});

/** What a line's kind is called in the file, and the use it is. */
const kindOf = (line: SoldLine, kinds: string): [salesType: string, usageType: string] =>
  pick(kinds.split(' '), line.kind).split(':') as [string, string];

const believe =
  (french: boolean, kinds: string): Dialect['write'] =>
  (line, { net, quantity }) => {
    const [salesType, usageType] = kindOf(line, kinds);
    const written = pick(['YMD', 'DMY', 'Y-M-D'], line.choice);
    const date = (year: string, month: string, day: string): string =>
      ({ YMD: `${year}/${month}/${day}`, DMY: `${day}/${month}/${year}`, 'Y-M-D': `${year}-${month}-${day}` })[
        written
      ]!;
    const reported = date(reportingMonth.slice(0, 4), reportingMonth.slice(4), '01');
    const sold = date(`${line.year}`, two(line.month), two(line.day));
    const english = {
      'Reporting month': reported,
      'Sales Month': sold,
      Platform: line.store,
      'Country / Region': line.country[0],
      'Label Name': line.label,
      'Artist Name': line.artist,
      'Release title': line.release,
      'Track title': line.track,
      UPC: line.upc,
      ISRC: separatedCode(line.isrc, line),
      'Release Catalog nb': line.catalogNumber,
      'Streaming Subscription Type': line.subscription,
      'Release type': 'Music Release',
      'Sales Type': salesType,
      Quantity: quantity,
      'Client Payment Currency': 'EUR',
      'Client share rate': '50',
      'Net Revenue': net,
    };
    const frenchCells = {
      'mois de reporting': reported,
      'mois de vente': sold,
      plateforme: line.store,
      'pays / région': line.country[0],
      'nom du label': line.label,
      "nom de l'artiste": line.artist,
      'titre de la sortie': line.release,
      'titre de la piste': line.track,
      upc: line.upc,
      isrc: line.isrc,
      'reference catalogue sortie': line.catalogNumber,
      'type de sortie': 'Single',
      'type de vente': salesType,
      quantite: quantity,
      'devise de paiement du client': 'eur',
      'revenu net': net,
    };
    const subscriptionType = french ? '' : meant(line.subscription);
    return [french ? frenchCells : english, told(line, { salesType, usageType, currency: 'EUR', subscriptionType })];
  };

const kontor: Dialect['write'] = (line, { net, quantity }) => {
  const [salesType, usageType] = kindOf(line, 'Streaming:stream Download:download CD:physical Sync:other');
  const [y, m, d] = [`${line.year}`, two(line.month), two(line.day)];
  return [
    {
      'Sales Period': pick(
        [`${y}${m}`, `${y}-${m}`, `${y}/${m}`, `${m}/${y}`, `${d}.${m}.${y}`, `${y}-${m}-${d}`],
        line.choice,
      ),
      Store: line.store,
      'Ch.-Type': salesType,
      'Channel ID': '1401',
      Country: line.country[0],
      Label: line.label,
      'Product Title': line.release,
      'Product Artist': line.artist,
      EAN: line.upc,
      ISRC: separatedCode(line.isrc, line),
      'Article No': line.catalogNumber,
      Royalties: net,
      Units: quantity,
    },
    told(line, { trackTitle: meant(line.release), channelType: salesType, salesType, usageType, currency: 'EUR' }),
  ];
};

const distroKid =
  (typeColumn: string): Dialect['write'] =>
  (line, { net, quantity }) => {
    const [store, usageType] = pick(
      [
        ['Spotify', 'stream'],
        ['iTunes', 'download'],
        [line.store, 'stream'],
      ] as const,
      line.kind,
    );
    const salesType = line.isRelease ? 'Album' : 'Song';
    return [
      {
        'Reporting Date': '2025-08-15',
        'Sale Month': `${line.year}-${two(line.month)}`,
        Store: store,
        Artist: line.artist,
        Title: line.track,
        ISRC: line.isrc,
        UPC: line.upc,
        Quantity: quantity,
        'Team Percentage': '100',
        [typeColumn]: salesType,
        'Country of Sale': line.country[0],
        'Earnings (USD)': net,
      },
      told(line, {
        store: meant(store),
        usageType,
        salesType,
        currency: 'USD',
        label: '',
        catalogNumber: '',
        releaseTitle: meant(line.track),
      }),
    ];
  };

const tuneCore: Dialect['write'] = (line, { net, quantity }) => {
  const [salesType, usageType] = kindOf(line, 'Streaming:stream Download:download Gift:other');
  const isOwnCode = line.choice % 2 === 0;
  return [
    {
      'Sales Period': `${line.year}-${two(line.month)}-01`,
      'Posted Date': '2025-08-15',
      'Store Name': line.store,
      'Country Of Sale': line.country[0],
      Artist: line.artist,
      'Release Type': line.isRelease ? 'Album' : 'Song',
      'Release Title': line.release,
      'Song Title': line.track,
      Label: line.label,
      UPC: line.upc,
      'TC Song ID': isOwnCode || line.isrc === '' ? '1234567890' : line.isrc,
      'Optional ISRC': isOwnCode ? separatedCode(line.isrc, line) : pick(['', ' '], line.choice),
      'Sales Type': salesType,
      '# Units Sold': quantity,
      'Net Sales Currency': 'USD',
      'Total Earned': net,
      Currency: 'GBP',
    },
    told(line, { salesType, usageType, currency: 'GBP', catalogNumber: '' }),
  ];
};

const cdBaby =
  (currency: string): Dialect['write'] =>
  (line, { net, quantity }) => {
    const [salesType, usageType] = kindOf(line, 'Stream:stream Download:download Royalty:other');
    return [
      {
        'Report Date': '10/15/2025 12:00:00 AM',
        'Sales Date': `${line.month}/${line.day}/${line.year} 12:00:00 AM`,
        Quantity: quantity,
        Subtotal: net,
        Isrc: line.isrc,
        Barcode: line.upc,
        CDBabySku: line.catalogNumber,
        'Album Name': line.release,
        'Artist Name': line.artist,
        'Track Name': line.track,
        'Partner Name': line.store,
        'Transaction Type': salesType,
        'Delivery Country': line.country[0],
      },
      told(line, { label: '', salesType, usageType, currency }),
    ];
  };

const fuga: Dialect['write'] = (line, { net, quantity }) => {
  const [salesType, usageType] = kindOf(line, 'Stream:stream Download:download Sync:other');
  const other = pick(['', '0', '7'], line.choice);
  const half = line.choice % 21;
  return [
    {
      'Sale Start date': dayParts(line, -half).join('-'),
      'Sale End date': dayParts(line, half).join('-'),
      DSP: line.store,
      'Sale Store Name': 'Some store',
      'Sale Type': salesType,
      'Sale User Type': line.subscription,
      Territory: line.country[0],
      'Product UPC': line.upc,
      'Product Catalog Number': line.catalogNumber,
      'Product Label': line.label,
      'Product Artist': line.isRelease ? line.artist : 'Various',
      'Product Title': line.release,
      'Asset Artist': line.isRelease ? '' : line.artist,
      'Asset Title': line.track,
      'Asset ISRC': line.isrc,
      'Asset/Product': line.isRelease ? 'Product' : 'Asset',
      'Product Quantity': line.isRelease ? quantity : other,
      'Asset Quantity': line.isRelease ? other : quantity,
      'Original currency': 'JPY',
      'Reported Royalty': net,
      Currency: 'EUR',
    },
    told(line, { salesType, usageType, currency: 'EUR', subscriptionType: meant(line.subscription) }),
  ];
};

const apple: Dialect['write'] = (line, { net, quantity }) => {
  const half = line.choice % 21;
  const usDate = ([year, month, day]: [string, string, string]): string => `${month}/${day}/${year}`;
  const salesType = pick(['S', 'A', 'M'], line.kind);
  return [
    {
      'Start Date': usDate(dayParts(line, -half)),
      'End Date': usDate(dayParts(line, half)),
      UPC: line.upc,
      'ISRC/ISBN': line.isrc,
      'Vendor Identifier': line.catalogNumber,
      Quantity: quantity,
      'Extended Partner Share': net,
      'Partner Share Currency': 'JPY',
      'Sales or Return': line.quantity < 0 ? 'R' : 'S',
      'Artist/Show/Developer/Author': line.artist,
      Title: line.track,
      'Label/Studio/Network/Developer/Publisher': line.label,
      'Product Type Identifier': salesType,
      'Country Of Sale': line.country[0],
      'Customer Currency': 'JPY',
    },
    told(line, {
      store: 'iTunes',
      salesType,
      usageType: 'download',
      currency: 'JPY',
      releaseTitle: meant(line.track),
    }),
  ];
};

const dialect = (file: string, which: number, delimiter: Dialect['delimiter'], write: Dialect['write']): Dialect => ({
  distributor: file.replace(/(-fr)?\.json$/, '').toUpperCase(),
  header: statementHeaders[file]![which]!.split(delimiter),
  delimiter,
  write,
  trailers: [],
});

export const dialects: readonly (readonly [name: string, Dialect])[] = [
  [
    'BELIEVE',
    dialect('believe.json', 0, ';', believe(false, 'Stream:stream Download:download Vinyl:physical Radio:other')),
  ],
  [
    'BELIEVE in French',
    dialect(
      'believe-fr.json',
      0,
      ';',
      believe(true, 'Écoute:stream Téléchargement:download Vinyle:physical Radio:other'),
    ),
  ],
  ['KONTOR', dialect('kontor.json', 0, ';', kontor)],
  ['DISTROKID', dialect('distrokid.json', 0, '\t', distroKid('Song/Album'))],
  ['DISTROKID with its newer header', dialect('distrokid.json', 1, '\t', distroKid('Source Type'))],
  ['TUNECORE', dialect('tunecore.json', 0, ',', tuneCore)],
  ['CDBABY', dialect('cdbaby.json', 0, '\t', cdBaby('USD'))],
  ['CDBABY in the currency of the upload', { ...dialect('cdbaby.json', 0, '\t', cdBaby('EUR')), currency: 'EUR' }],
  ['FUGA', dialect('fuga.json', 0, ',', fuga)],
  [
    'APPLE',
    {
      ...dialect('apple.json', 0, '\t', apple),
      trailers: ['Total_Rows\t3', 'Total_Amount\t12.5\tEUR', 'Total_Units\t7', `Total_Other${'\t'.repeat(21)}`],
    },
  ],
];
