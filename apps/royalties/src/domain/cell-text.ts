import entities from './html-entities.json' with { type: 'json' };

/** The named character references of HTML 4.01 (W3C, section 24) and `apos`. */
const named = new Map(Object.entries(entities));

/** A text cell as people mean it: without white space around, HTML entities decoded once. */
export const cellText = (text: string): string =>
  text
    .replaceAll(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]*));/g, (entity, decimal, hex, name) =>
      name === undefined
        ? (character(decimal ? Number(decimal) : Number.parseInt(hex, 16)) ?? entity)
        : (named.get(name) ?? entity),
    )
    .trim();

/** Null for what is no character that may stand in text. */
const character = (code: number): string | null =>
  code > 0x1f && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : null;
