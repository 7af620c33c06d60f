import { describe, expect, it } from '@jest/globals';
import { countryNames, readCountry } from './countries.js';

describe('readCountry', () => {
  it.each([
    ['US', 'US'],
    ['us', 'US'],
    ['USA', 'US'],
    ['DEU', 'DE'],
    ['ST', 'ST'],
    ['AND', 'AD'],
    ['Germany', 'DE'],
    ['GERMANY ', 'DE'],
    ['United States', 'US'],
    ['United States of America', 'US'],
    ['U.S.A.', 'US'],
    ['United Kingdom', 'GB'],
    ['UK', 'GB'],
    ['Great Britain', 'GB'],
    ['South Korea', 'KR'],
    ['Korea, Republic of', 'KR'],
    ['Russian Federation', 'RU'],
    ['Czechia', 'CZ'],
    ['Czech Republic', 'CZ'],
    ['Ivory Coast', 'CI'],
    ["Côte d'Ivoire", 'CI'],
    ['Côte d’Ivoire', 'CI'],
    ['Hong Kong', 'HK'],
    ['Hong Kong SAR China', 'HK'],
    ['Taiwan', 'TW'],
    ['Taiwan, Province of China', 'TW'],
    ['Viet Nam', 'VN'],
    ['Vietnam', 'VN'],
    ['Bolivia, Plurinational State of', 'BO'],
    ['Macedonia, the Former Yugoslav Republic of', 'MK'],
    ['Congo', 'CG'],
    ['Congo, The Democratic Republic of the', 'CD'],
    ['Congo-Kinshasa', 'CD'],
    ['Saint Lucia', 'LC'],
    ['St. Lucia', 'LC'],
    ['Trinidad & Tobago', 'TT'],
    ['The Gambia', 'GM'],
    ['Réunion', 'RE'],
    ['Kosovo', 'XK'],
    ['Turkey', 'TR'],
    ['Türkiye', 'TR'],
    ['États-Unis', 'US'],
    ['Etats Unis', 'US'],
    ['Royaume-Uni', 'GB'],
    ['Allemagne', 'DE'],
    ['Pays-Bas', 'NL'],
    ['Corée du Sud', 'KR'],
    ['Fédération de Russie', 'RU'],
    ['Vereinigtes Königreich', 'GB'],
    ['Großbritannien', 'GB'],
    ['Österreich', 'AT'],
    ['Schweiz', 'CH'],
    ['Estados Unidos', 'US'],
    ['España', 'ES'],
    ['Países Bajos', 'NL'],
    ['', 'ZZ'],
    ['  ', 'ZZ'],
    ['WW', 'ZZ'],
    ['World', 'ZZ'],
    ['Worldwide', 'ZZ'],
    ['Monde', 'ZZ'],
    ['OU', 'ZZ'],
  ])('reads %j as %s', (text, code) => {
    expect(readCountry(text)).toEqual({ value: code });
  });

  it.each(['Atlantis', 'XX', 'QQQ', 'Europe', '12'])('refuses %j', (text) => {
    expect(readCountry(text).problem).toMatch(/^is no country/);
  });

  it('reads its own names back', () => {
    expect(countryNames.length).toBeGreaterThan(249);
    for (const [code, name] of countryNames)
      if (code !== 'ZZ') expect([name, readCountry(name)]).toEqual([name, { value: code }]);
  });
});
