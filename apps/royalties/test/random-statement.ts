import type { ModelContract, ModelLine } from './model.js';

export type Random = () => number;

/** Numbers from 0 to 1, the same ones for a seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const labels = [
  'Polar Records',
  'POLAR  records',
  'Größe & Co',
  'Größe &amp; Co',
  'Nord "Süd"; West',
  'Nobody',
  'None',
];
const isrcs = ['DEA622500001', 'DE-A62-25-00002', 'DEA622500003', 'FRX202500004', ''];
const eans = ['4260123459598', '4006381333931', '5901234123457', ''];
const titles = ['Snow', 'Snow, again', 'Say "no"', 'Übermut', 'Line; break'];
const artists = ['Ada', 'Ada & Bob', 'Çelik', 'ada'];
const stores = ['Spotify', 'Apple Music', 'Deezer'];
const countries = [
  ['DE', 'Germany'],
  ['FR', 'France'],
  ['US', 'United States of America'],
  ['JP', 'Japan'],
] as const;
const periods = ['202505', '202506', '202507', '202508'];

const oneOf = <T>(random: Random, all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
const whole = (random: Random, below: number): number => Math.floor(random() * below);

/** Contracts of all scopes, with gaps in time; no two own the same line. */
export function randomContracts(random: Random, owners: string[]): ModelContract[] {
  const sharePercent = () => oneOf(random, ['0', '100', '33.3333', '66.6667', '12.5', '0.0001', '99.9999', '75']);
  const terms = (scope: ModelContract['scope'], match: string, aliases: string[] = []) => ({
    scope,
    match,
    aliases,
    owner: oneOf(random, owners),
    sharePercent: sharePercent(),
  });
  return [
    { ...terms('label', 'Polar Records'), to: '202507' },
    { ...terms('label', 'polar records'), from: '202507' },
    { ...terms('label', 'Groesse', ['größe & co']), from: '202506' },
    terms('label', 'Nord "Süd"; West'),
    { ...terms('release', '4006381333931'), from: '202506', to: '202508' },
    terms('track', 'DEA622500002'),
    { ...terms('track', 'FRX202500004'), to: '202508' },
  ];
}

/** Lines of which some two in a hundred are bad, and some nobody owns. */
export const randomLines = (random: Random, count: number): ModelLine[] =>
  Array.from({ length: count }, () => {
    const [country, countryName] = oneOf(random, countries);
    const line: ModelLine = {
      period: oneOf(random, periods),
      store: oneOf(random, stores),
      country,
      countryName,
      label: oneOf(random, labels),
      title: oneOf(random, titles),
      artist: oneOf(random, artists),
      ean: oneOf(random, eans),
      isrc: oneOf(random, isrcs),
      royalties: randomAmount(random),
      units: `${whole(random, 2_000) - 100}`,
      isBad: false,
    };
    return random() < 0.02 ? spoiled(random, line) : line;
  });

/** Up to tens of thousands, with every number of decimals up to 15, and some of them negative. */
function randomAmount(random: Random): string {
  const digits = Array.from({ length: whole(random, 16) }, () => whole(random, 10)).join('');
  const amount = `${whole(random, 10 ** whole(random, 6))}${digits && `,${digits}`}`;
  return random() < 0.1 ? `-${amount}` : amount;
}

const spoiled = (random: Random, line: ModelLine): ModelLine => ({
  ...line,
  ...oneOf(random, [
    { royalties: '1,2,3' },
    { ean: '4260123459599' },
    { isrc: 'DEA62250000X' },
    { country: 'Atlantis' },
  ]),
  isBad: true,
});
