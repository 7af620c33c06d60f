/**
 * What two spellings of a label's name have in common: Unicode NFKC, full case folding (`ß` is `ss`), no white space
 * around and one space within.
 */
export const labelKey = (name: string): string =>
  foldCase(name.normalize('NFKC')).normalize('NFKC').trim().replaceAll(/\s+/g, ' ');

/** What two spellings of an ISRC, UPC or EAN have in common: upper case, no separators, no leading zeros. */
export const codeKey = (code: string): string =>
  code
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+/, '')
    .toUpperCase();

/** What a contract of this scope is found by, without repetition and without names of nothing but spaces. */
export function matchingKeys(scope: 'label' | 'release' | 'track', spellings: readonly string[]): string[] {
  const keys = spellings.map(scope === 'label' ? labelKey : codeKey);
  return [...new Set(keys)].filter((key) => key !== '');
}

/**
 * Full case folding (Unicode, CaseFolding.txt, statuses C and F) by the case mappings that JavaScript has. Only two
 * letters need care: the dotless i folds to itself, the final sigma to the common one.
 */
const foldCase = (text: string): string =>
  text
    .split('ı')
    .map((part) => part.toLowerCase().toUpperCase().toLowerCase())
    .join('ı')
    .replaceAll('ς', 'σ');
