import { describe, expect, it } from '@jest/globals';
import { emailKey, searchKey } from './text-keys.js';

describe('the key of an e-mail address', () => {
  it.each([
    ['Ada@Label.Example', 'ada@label.example'],
    ['jose\u0301@label.example', 'jos\u00e9@label.example'],
    ['\u212Aarl@label.example', 'karl@label.example'],
  ])('%s is the same as %s', (email, same) => {
    expect(emailKey(email)).toBe(emailKey(same));
  });

  it('keeps accents, which make another mailbox', () => {
    expect(emailKey('jos\u00e9@label.example')).not.toBe(emailKey('jose@label.example'));
  });
});

describe('the key of searched text', () => {
  it.each([
    ['Åse Müller', 'ase muller'],
    ['Ase\u0301', 'asé'],
    ['ÉLODIE', 'elodie'],
  ])('%s is found by %s', (text, q) => {
    expect(searchKey(text)).toBe(searchKey(q));
  });
});
