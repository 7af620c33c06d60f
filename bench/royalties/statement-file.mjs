// A KONTOR statement as large as one likes: 20,000 tracks of 500 labels, one line in a thousand wrong, the last label
// owned by nobody. The same bytes at every run.
import { closeSync, openSync, writeSync } from 'node:fs';

export const labels = Array.from({ length: 500 }, (_, at) => `Label ${at} Records`);
export const owned = labels.slice(0, -1);

const header =
  'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;Article No;Royalties;Units\n';
const stores = 'Spotify,Apple Music,Amazon Music,YouTube Music,Deezer,Tidal,Napster,SoundCloud,Pandora,Beatport'.split(
  ',',
);
const types = ['Streaming', 'Download', 'Ad-supported', 'Subscription'];
const countries = 'DE,FR,US,GB,ES,IT,NL,BE,AT,CH,PL,SE,NO,DK,FI,JP,BR,MX,CA,AU,IN,TR,PT,CZ,IE'.split(',');
const months = ['202506', '202507', '202508'];

const gtin = (digits) => {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};

const tracks = Array.from({ length: 20_000 }, (_, at) =>
  [
    labels[at % labels.length],
    'Track',
    `Song title number ${at}`,
    `Artist ${at % 3000}`,
    gtin(String(400_000_000_000 + (at % 5000))),
    `DEA12${String(at).padStart(7, '0')}`,
    '',
    `ART${at % 5000}`,
  ].join(';'),
);

/** Linear congruential: enough for variety, and the same everywhere. */
const randomFrom = (seed) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

/** @returns the size in bytes */
export const writeStatement = (path, lines) => {
  const random = randomFrom(12_345);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const file = openSync(path, 'w');
  let bytes = writeSync(file, header);
  let texts = [];
  for (let line = 0; line < lines; line++) {
    const units = 1 + Math.floor(random() * 500);
    const net = line % 1000 === 999 ? 'n/a' : (units * 0.0037 + random() / 1000).toFixed(10);
    const store = Math.floor(random() * stores.length);
    texts.push(
      `${pick(months)};${stores[store]};${pick(types)};${100 + store};${pick(countries)};${pick(tracks)};${net};${units}\n`,
    );
    if (texts.length === 50_000 || line === lines - 1) {
      bytes += writeSync(file, texts.join(''));
      texts = [];
    }
  }
  closeSync(file);
  return bytes;
};
