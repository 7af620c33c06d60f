import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { urlSigner } from './url-signer.js';

const now = new Date('2025-11-08T12:00:00.500Z');
const inMs = (ms: number) => new Date(now.getTime() + ms);
const key = 'reports/7/7289_labels.csv';
const publicUrl = 'https://books.example/';
const signer = urlSigner({ signingKey: 'a secret of the tests, long enough', publicUrl });
const url = await signer.sign(key, { expiresInSeconds: 3600, now });
const target = url.slice('https://books.example'.length);

describe('a signed address', () => {
  it('shows the file name and when it expires', () => {
    expect(url).toMatch(
      /^https:\/\/books\.example\/files\/reports\/7\/7289_labels\.csv\?expires=1762606800&signature=[\w-]{43}$/,
    );
  });

  it('leads to its object for an hour', () => {
    expect(signer.verify(target, now)).toBe(key);
    expect(signer.verify(target, inMs(3_599_000))).toBe(key);
    expect(signer.verify(target, inMs(3_600_000))).toBeNull();
  });

  it('is worthless after any change of one character', () => {
    fc.assert(
      fc.property(fc.nat(target.length - 1), fc.string({ unit: 'binary', minLength: 0, maxLength: 2 }), (at, other) => {
        fc.pre(other !== target[at]);
        expect(signer.verify(target.slice(0, at) + other + target.slice(at + 1), now)).toBeNull();
      }),
    );
  });

  it.each([
    ['another parameter', (text: string) => `${text}&download=1`],
    ['a repeated parameter', (text: string) => `${text}&expires=9999999999`],
    ['a parameter repeated in front', (text: string) => text.replace('?', '?expires=9999999999&')],
    ['parameters in another order', (text: string) => text.replace(/\?(.*)&(.*)$/, '?$2&$1')],
    ['a fragment', (text: string) => `${text}#`],
    ['a line break', (text: string) => `${text}\n`],
    ['a way up', (text: string) => text.replace('/files/', '/files/x/../')],
    ['an encoded way up', (text: string) => text.replace('/files/', '/files/x/%2e%2e/')],
    ['an encoded letter', (text: string) => text.replace('labels', '%6Cabels')],
    ['a doubled slash', (text: string) => text.replace('/files/', '/files//')],
    ['a prefix', (text: string) => `/x${text}`],
    ['an absolute form', (text: string) => `https://books.example${text}`],
    ['an exponent', (text: string) => text.replace(/expires=\d+/, 'expires=1e11')],
    ['a padded signature', (text: string) => `${text}=`],
    ['no signature', (text: string) => text.replace(/&signature=.*/, '')],
    ['an empty signature', (text: string) => text.replace(/signature=.*/, 'signature=')],
  ])('is worthless with %s', (_what, change) => {
    expect(signer.verify(change(target), now)).toBeNull();
  });

  it('is worthless where another key signs', () => {
    expect(urlSigner({ signingKey: 'another secret', publicUrl }).verify(target, now)).toBeNull();
  });

  it('is not made for what is no key', async () => {
    await expect(signer.sign('../secrets', { expiresInSeconds: 60, now })).rejects.toThrow(RangeError);
  });
});
