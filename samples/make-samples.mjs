// Writes the sample statements of catalogue.json: the same bytes at every run. `node samples/make-samples.mjs`
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('.', import.meta.url);
const { labels } = JSON.parse(readFileSync(new URL('catalogue.json', folder), 'utf8'));

/** Mulberry32: small, seeded, good enough for inventing sales. */
const randomFrom = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

const drawer = (random) => ({
  between: (low, high) => low + Math.floor(random() * (high - low + 1)),
  chance: (probability) => random() < probability,
  /** One of the items, each as likely as its weight. */
  pick(items) {
    let left = random() * items.reduce((sum, { weight }) => sum + weight, 0);
    return items.find(({ weight }) => (left -= weight) < 0);
  },
  /** Mostly small, seldom very large, as play counts are. */
  plays: (most) => Math.ceil(Math.exp(random() ** 2 * Math.log(most))),
});

const releases = labels.flatMap(({ releases, ...label }) => releases.map((release) => ({ ...release, label })));

/** Units of 1e-10 EUR or USD as text with this decimal mark and no needless zeros. */
const amountText = (units, mark) => {
  const digits = String(Math.abs(units)).padStart(11, '0');
  const text = `${digits.slice(0, -10)}${mark}${digits.slice(-10)}`.replace(/0+$/, '');
  return `${units < 0 ? '-' : ''}${text.endsWith(mark) ? text.slice(0, -1) : text}`;
};

/** What a unit brings in 1e-10 EUR, the most units of a line, and how the two distributors name the sale. */
const stream = { usage: 'stream', rate: [18_000_000, 42_000_000], most: 9000, weight: 10 };
const adStream = { usage: 'stream', rate: [3_000_000, 11_000_000], most: 12_000, weight: 4 };
const download = { usage: 'download', rate: [4_100_000_000, 7_000_000_000], most: 8, weight: 2 };
const stores = [
  { ...stream, name: 'Spotify', weight: 22, tier: 'Premium', id: 1401 },
  { ...adStream, name: 'Spotify', weight: 9, tier: 'Freemium', id: 1402 },
  { ...stream, name: 'Apple Music', weight: 13, tier: 'Premium', id: 1201 },
  { ...stream, name: 'Amazon Unlimited', tier: 'Premium', id: 1118 },
  { ...stream, name: 'Amazon Prime Music', weight: 5, tier: 'Bundle', id: 1117 },
  { ...stream, name: 'Deezer', weight: 6, tier: 'Premium', id: 1310 },
  { ...stream, name: 'YouTube Music', weight: 6, tier: 'Premium', id: 1905 },
  { ...adStream, name: 'YouTube Content ID', tier: 'Ad-supported', id: 1906 },
  { ...adStream, name: 'TikTok', tier: 'Ad-supported', id: 1850 },
  { ...stream, name: 'Qobuz', weight: 1, tier: 'Premium', id: 1720 },
  { ...download, name: 'iTunes', weight: 4, tier: '', id: 1200 },
  { ...download, name: 'Beatport', tier: '', id: 1260 },
  { ...download, name: '7digital', weight: 1, tier: '', id: 1255 },
];

const countries = [
  ['DE', 'Germany', 26],
  ['FR', 'France', 14],
  ['SE', 'Sweden', 12],
  ['GB', 'United Kingdom', 12],
  ['ES', 'Spain', 9],
  ['US', 'United States', 12],
  ['AT', 'Austria', 6],
  ['CH', 'Switzerland', 6],
  ['NL', 'Netherlands', 5],
  ['MX', 'Mexico', 4],
  ['BR', 'Brazil', 4],
  ['PL', 'Poland', 3],
  ['CZ', 'Czech Republic', 2],
  ['TR', 'Turkey', 2],
  ['JP', 'Japan', 3],
  ['KR', 'South Korea', 1],
  ['TW', 'Taiwan', 1],
  ['CI', "Côte d'Ivoire", 1],
].map(([code, name, weight]) => ({ code, name, weight }));

const salesMonths = [
  { month: '202506', weight: 14 },
  { month: '202507', weight: 4 },
  { month: '202505', weight: 2 },
  { month: '202412', weight: 0.2 },
];

/** One line's worth of sales; about one in a hundred takes something back. */
const inventSale = (draw, sold) => {
  const release = draw.pick(sold);
  const store = draw.pick(stores);
  const at = draw.between(0, release.tracks.length - 1);
  const asBundle = store.usage === 'download' && release.tracks.length > 1 && draw.chance(0.3);
  const units = draw.plays(store.most) * (draw.chance(0.012) ? -1 : 1);
  const { firstIsrc } = release;
  return {
    release,
    store,
    country: draw.pick(countries),
    month: draw.pick(salesMonths).month,
    track: asBundle ? '' : release.tracks[at],
    isrc: asBundle ? '' : firstIsrc.slice(0, 7) + String(Number(firstIsrc.slice(7)) + at).padStart(5, '0'),
    units,
    rate: draw.between(...store.rate) * (asBundle ? 7 : 1),
    grid: `A10302B${String(draw.between(0, 99_999)).padStart(5, '0')}${firstIsrc.slice(2, 6)}K`,
  };
};

const kontor = {
  seed: 202508,
  lines: 3600,
  releases,
  faultsEvery: 190,
  delimiter: ';',
  header:
    'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;Article No;Royalties;Units',
  cells: ({ release, store, country, month, track, isrc, units, rate, grid }) => [
    month,
    store.name,
    store.usage === 'stream' ? 'Streaming' : 'Download',
    store.id,
    country.code,
    release.label.spellings?.KONTOR ?? release.label.name,
    isrc === '' ? release.type : 'Track',
    track || release.title,
    release.artist,
    release.upc,
    isrc,
    grid,
    `${release.label.code}${release.upc.slice(-4, -1)}`,
    amountText(units * rate, ','),
    units,
  ],
  write: (cell) => (/[;"\r\n]/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)),
  lineBreak: '\r\n',
  prefix: '',
  columns: { month: 0, country: 4, code: 9, isrc: 10, amount: 13 },
};

const clientSharePercent = 85;
const believe = {
  seed: 20250801,
  lines: 2100,
  releases,
  faultsEvery: 190,
  delimiter: ';',
  header:
    'Reporting month;Sales Month;Platform;Country / Region;Label Name;Artist Name;Release title;Track title;UPC;ISRC;Release Catalog nb;Streaming Subscription Type;Release type;Sales Type;Quantity;Client Payment Currency;Unit Price;Mechanical Fee;Gross Revenue;Client share rate;Net Revenue'
      .split(';')
      .map((name) => `"${name}"`)
      .join(';'),
  cells: ({ release, store, country, month, track, isrc, units, rate }) => {
    const unitPrice = rate - (rate % 10_000); // six decimals, so that the net fits eight
    const mechanicalFee = country.code === 'US' && store.usage === 'download' ? units * 910_000_000 : 0;
    const gross = units * unitPrice;
    return [
      '2025/08/01',
      `${month.slice(0, 4)}/${month.slice(4)}/01`,
      store.name,
      country.name,
      release.label.spellings?.BELIEVE ?? release.label.name,
      release.artist,
      release.title,
      track,
      release.upc,
      isrc,
      `${release.label.code}-${release.upc.slice(-4, -1)}`,
      store.tier,
      'Music Release',
      store.usage === 'stream' ? 'Stream' : 'Download',
      units,
      'EUR',
      amountText(unitPrice, '.'),
      amountText(mechanicalFee, '.'),
      amountText(gross, '.'),
      clientSharePercent,
      amountText(((gross - mechanicalFee) / 100) * clientSharePercent, '.'),
    ];
  },
  write: (cell) => `"${String(cell).replaceAll('"', '""')}"`,
  lineBreak: '\n',
  prefix: '\uFEFF',
  columns: { month: 1, country: 3, code: 8, isrc: 9, amount: 20 },
};

/** An artist who distributes herself, and is paid in USD. */
const distrokid = {
  seed: 20250802,
  lines: 420,
  releases: releases.filter(({ artist }) => artist === 'Mira Holm'),
  faultsEvery: 30,
  delimiter: '\t',
  header:
    'Date Inserted\tReporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tTeam Percentage\tSource Type\tCountry of Sale\tSongwriter Royalties Withheld (USD)\tEarnings (USD)\tRecoup (USD)',
  cells: ({ release, store, country, month, track, isrc, units, rate }) => [
    '2025-09-04',
    '2025-08-31',
    `${month.slice(0, 4)}-${month.slice(4)}`,
    store.name,
    release.artist,
    track || release.title,
    isrc,
    release.upc,
    units,
    '100',
    isrc === '' ? 'Album' : 'Song',
    country.code,
    '0',
    amountText(units * rate, '.'),
    '0',
  ],
  write: String,
  lineBreak: '\n',
  prefix: '',
  columns: { month: 2, country: 11, code: 7, isrc: 6, amount: 13 },
};

/** What goes wrong in real files, each at its line; every such line is rejected and the rest goes on. */
const spoil = (lines, { faultsEvery, columns: { month, country, code, isrc, amount } }) => {
  const put = (column, change) => (cells) => cells.with(column, change(String(cells[column])));
  const faults = [
    put(amount, () => 'n/a'),
    put(amount, (text) => `${text}${text}x`),
    put(isrc, () => 'DEKK32500'),
    put(isrc, () => 'D3KK32500001'),
    put(code, (text) => text.slice(0, -1) + ((Number(text.at(-1)) + 1) % 10)),
    put(country, () => 'Ruritania'),
    put(month, (text) => text.replace(/0[4-8]|12/, '13')),
    (cells) => cells.slice(0, -2),
    (cells) => [...cells, ''],
  ];
  for (const [at, fault] of faults.entries()) {
    const line = 150 + at * faultsEvery;
    lines[line] = fault(lines[line]);
  }
};

const writeStatement = (name, format) => {
  const draw = drawer(randomFrom(format.seed));
  const lines = Array.from({ length: format.lines }, () => format.cells(inventSale(draw, format.releases)));
  spoil(lines, format);
  lines.splice(99, 0, lines[98]); // the same sale twice, which is legitimate
  const text = lines.map((cells) => cells.map(format.write).join(format.delimiter) + format.lineBreak);
  writeFileSync(new URL(name, folder), format.prefix + format.header + format.lineBreak + text.join(''));
};

writeStatement('kontor-202508.csv', kontor);
writeStatement('believe-202508.csv', believe);
writeStatement('distrokid-202508.tsv', distrokid);
