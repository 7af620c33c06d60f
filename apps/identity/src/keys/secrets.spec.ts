import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Secrets } from './secrets.js';

const master = randomBytes(32);
const secrets = new Secrets(master);

describe('a sealed secret', () => {
  it('opens for its owner, also after a restart', () => {
    expect(new Secrets(master).open(secrets.seal('schlüssel', 'client 1'), 'client 1')).toBe('schlüssel');
  });

  it('looks different each time and never shows its text', () => {
    const [one, other] = [secrets.seal('a signing secret', 'client 1'), secrets.seal('a signing secret', 'client 1')];
    expect(one.equals(other)).toBe(false);
    expect(one.includes('a signing secret')).toBe(false);
  });

  it('does not open for another owner, under another key, or after a bit was changed', () => {
    const sealed = secrets.seal('a signing secret', 'client 1');
    expect(() => secrets.open(sealed, 'client 2')).toThrow();
    expect(() => new Secrets(randomBytes(32)).open(sealed, 'client 1')).toThrow();
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => secrets.open(changed, 'client 1')).toThrow();
    }
  });
});

describe('a digest', () => {
  it('is the same for the same text and purpose only', () => {
    const digest = secrets.digest('login failure', 'ada@label.example');
    expect(new Secrets(master).digest('login failure', 'ada@label.example').equals(digest)).toBe(true);
    expect(secrets.digest('login failure', 'eve@label.example').equals(digest)).toBe(false);
    expect(secrets.digest('refresh token', 'ada@label.example').equals(digest)).toBe(false);
    expect(new Secrets(randomBytes(32)).digest('login failure', 'ada@label.example').equals(digest)).toBe(false);
  });
});
