import { describe, expect, it } from '@jest/globals';
import { fittedText, readableText } from './readable-text.js';

const latin = (codePoint: number) => codePoint < 0x250;

describe('a text of others', () => {
  it.each([
    ['line breaks', 'one\r\n two\u2028three', 'one two three'],
    ['control characters', 'a\u0000b\u0007c\u007F', 'a b c'],
    ['what turns the direction of writing', 'invoice\u202Efdp.exe\u2066', 'invoicefdp.exe'],
    ['decomposed letters', 'A\u030Angstro\u0308m', 'Ångström'],
    ['half a surrogate pair', 'a\uD83Db', 'a□b'],
    ['letters that the font lacks', 'Ada 日本 🎵!', 'Ada □□ □!'],
    ['nothing but spaces', ' \t\u00A0 ', ''],
  ])('is one line that can be set: %s', (_, text, expected) => {
    expect(readableText(text, latin)).toBe(expected);
  });

  it('may be of any length', () => {
    expect(readableText('x'.repeat(5_000_000), latin).length).toBeLessThan(1_000);
  });
});

describe('a text that is too long', () => {
  const widthOf = (text: string) => text.length;

  it('is cut where the ellipsis still fits, without a space before it', () => {
    expect(fittedText('Harbour Lights', 14, widthOf)).toBe('Harbour Lights');
    expect(fittedText('Harbour Lights', 13, widthOf)).toBe('Harbour Ligh…');
    expect(fittedText('Harbour Lights', 9, widthOf)).toBe('Harbour…');
    expect(fittedText('Harbour Lights', 0, widthOf)).toBe('…');
  });

  it('is never cut within a letter', () => {
    expect(fittedText('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 17, widthOf)).toBe('👩‍👩‍👧👩‍👩‍👧…');
  });
});
