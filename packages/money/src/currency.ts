/**
 * Decimals of the minor unit where they are not two, as ISO 4217 has them; CLDR, which `Intl` follows, differs.
 * Source: list one of the ISO 4217 maintenance agency (SIX), published 2026-01-01.
 */
const exceptions = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
] as const;

const minorUnits = new Map(exceptions.flatMap(([decimals, codes]) => codes.split(' ').map((code) => [code, decimals])));

/** How many decimals an amount has when it is paid: EUR 2, JPY 0, KWD 3. */
export const minorUnitsOf = (currency: string): number => minorUnits.get(currency) ?? 2;
