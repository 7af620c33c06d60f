import { createRequire } from 'node:module';
import countries from 'i18n-iso-countries';
import type { Reading } from '@countinghouse/catalogue';
import spellings from './country-spellings.json' with { type: 'json' };

const require = createRequire(import.meta.url);
const languages = ['en', 'fr', 'de', 'es'];
for (const language of languages) countries.registerLocale(require(`i18n-iso-countries/langs/${language}.json`));

/** A country that the distributor does not tell. ISO 3166-1 leaves the code to its users. */
const unknown = 'ZZ';

type CodeAndNames = [code: string, names: readonly string[]];

const codes: CodeAndNames[] = Object.entries(countries.getAlpha2Codes()).map(([two, three]) => [two, [two, three]]);

const namesOfUnicode = (language: string): CodeAndNames[] => {
  const long = new Intl.DisplayNames(language, { type: 'region' });
  const short = new Intl.DisplayNames(language, { type: 'region', style: 'short' });
  return codes.map(([code]) => [code, [long.of(code)!, short.of(code)!]]);
};

const namesOfIso = (language: string): CodeAndNames[] =>
  Object.entries(countries.getNames(language, { select: 'all' }));

/** Where sources differ, the later one is right. */
const codeByName = new Map(
  [
    ...languages.flatMap(namesOfUnicode),
    ...languages.flatMap(namesOfIso),
    ...codes,
    ...Object.entries(spellings),
  ].flatMap(([code, names]) => names.map((name) => [nameKey(name), code])),
);

/**
 * The ISO 3166-1 alpha-2 code of a country, from its name in English, French, German or Spanish or its code of two or
 * three letters; ZZ for the whole world and for an empty cell.
 */
export function readCountry(text: string): Reading {
  const key = nameKey(text);
  const code = key === '' ? unknown : codeByName.get(key);
  return code ? { value: code } : { problem: 'is no country known by this name or code' };
}

/** English name of every code that `readCountry` answers. */
export const countryNames: readonly (readonly [code: string, name: string])[] = [
  ...Object.entries(countries.getNames('en', { select: 'official' })),
  [unknown, 'Unknown'],
];

/** What two spellings of a country's name have in common. */
function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}|^\s*the /giu, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll(/\bst\.? /g, 'saint ')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
