import entities from './html-entities.json' with { type: 'json' };

/** The named character references of HTML 4.01 (W3C, section 24) and `apos`. */
const named = new Map(Object.entries(entities));

const windows1252 = new TextDecoder('windows-1252');

/** A text cell as people mean it: without white space around, HTML entities decoded once. */
export const cellText = (text: string): string =>
  text
    .replaceAll(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]*));/g, (entity, decimal, hex, name) =>
      name === undefined
        ? (character(decimal ? Number(decimal) : Number.parseInt(hex, 16)) ?? entity)
        : (named.get(name) ?? entity),
    )
    .trim();

/** Null for what is no character that may stand in text. 128 to 159 are those of Windows-1252 (WHATWG HTML, 13.2.5.80). */
function character(code: number): string | null {
  if (code > 0x10_ffff) return null;
  const text = code >= 0x80 && code <= 0x9f ? windows1252.decode(Uint8Array.of(code)) : String.fromCodePoint(code);
  return /[\p{Cc}\p{Cs}]/u.test(text) ? null : text;
}
