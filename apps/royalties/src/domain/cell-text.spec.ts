import { expect, it } from '@jest/globals';
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
  ['&#0; &#27; &#xD800; &#x110000;', '&#0; &#27; &#xD800; &#x110000;'],
])('reads %j as %j', (text, meant) => {
  expect(cellText(text)).toBe(meant);
});
