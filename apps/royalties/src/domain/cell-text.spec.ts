import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { cellText } from './cell-text.js';

it.each([
  ['Simon &amp; Garfunkel', 'Simon & Garfunkel'],
  ['&lt;3 &quot;x&quot; &apos;y&apos;', `<3 "x" 'y'`],
  ['Bj&ouml;rk &#38; &#x26; &#X26;', 'Björk & & &'],
  ['&Eacute;dith &hearts; &euro;', 'Édith ♥ €'],
  ['&#128512;', '😀'],
  ['&amp;amp;', '&amp;'],
  ['  both ends \t', 'both ends'],
  ['&nbsp;x&nbsp;', 'x'],
  ['AT&T; &unknown; &constructor; & &;', 'AT&T; &unknown; &constructor; & &;'],
  ['Rock &#146;n&#x92; Roll &#150; &#128;', 'Rock ’n’ Roll – €'],
  ['&#160;x&#xAD;', 'x\u00AD'],
  ['&#0; &#27; &#127; &#129; &#xD800; &#x110000;', '&#0; &#27; &#127; &#129; &#xD800; &#x110000;'],
  ['&#9999999; &#99999999; &#x; &#; &amp', '&#9999999; &#99999999; &#x; &#; &amp'],
  ['&#38;lt;', '&lt;'],
  ['\uFEFFx', 'x'],
])('reads %j as %j', (text, meant) => {
  expect(cellText(text)).toBe(meant);
});

it('reads back any text, its special characters written in any of the ways of HTML', () => {
  const special: Record<string, string[]> = {
    '&': ['&amp;', '&#38;', '&#x26;'],
    '<': ['&lt;', '&#60;'],
    é: ['&eacute;', '&#xE9;', 'é'],
  };
  const character = fc.constantFrom('a', ';', '#', 'amp', 'é', '&', '<', '😀');
  const written = character.chain((text) =>
    fc.constantFrom(...(special[text] ?? [text])).map((html) => ({ text, html })),
  );
  fc.assert(
    fc.property(fc.array(written), (pieces) => {
      expect(cellText(pieces.map(({ html }) => html).join(''))).toBe(pieces.map(({ text }) => text).join(''));
    }),
  );
});
