/** More than any line of a page has room for; texts of others may have any length. */
const longest = 400;

/** Stands for what the font has no letter for. */
export const missingLetter = '\u25A1';

/**
 * A text that others wrote as one line that can be set: no line breaks, no control, direction or variation characters,
 * one square for each letter that `canSet` refuses.
 */
export function readableText(text: string, canSet: (codePoint: number) => boolean): string {
  const line = text
    .slice(0, longest)
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cf}\uFE00-\uFE0F]/gu, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return Array.from(line, (letter) => (canSet(letter.codePointAt(0)!) ? letter : missingLetter)).join('');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text, or as much of its beginning as fits in front of an ellipsis. `widthOf` measures in the unit of `width`. */
export function fittedText(text: string, width: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= width) return text;
  const letters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const cut = (count: number) => `${letters.slice(0, count).join('').trimEnd()}…`;
  let fits = 0;
  for (let tooMany = letters.length; tooMany - fits > 1; ) {
    const count = Math.floor((fits + tooMany) / 2);
    if (widthOf(cut(count)) <= width) fits = count;
    else tooMany = count;
  }
  return cut(fits);
}
