import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSecrets, passwordOf } from './secrets.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countinghouse-secrets-'));
  path = join(directory, 'secrets.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('secrets', () => {
  it('are made once, for the owner of the file alone', () => {
    const first = openSecrets(path, ['postgres/ledger'], {});
    expect(openSecrets(path, ['postgres/ledger'], {})).toEqual(first);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['secrets.json']);
  });

  it('differ between installations', () => {
    const one = openSecrets(path, ['nats/ledger'], {});
    const other = openSecrets(join(directory, 'other.json'), ['nats/ledger'], {});
    for (const name of ['adminPassword', 'tokenPrivateKey', 'secretsKey', 'storageSigningKey'] as const) {
      expect(one[name]).not.toBe(other[name]);
    }
    expect(passwordOf(one, 'nats/ledger')).not.toBe(passwordOf(other, 'nats/ledger'));
  });

  it('have the form that those who use them expect', () => {
    const { tokenPrivateKey, secretsKey, passwords } = openSecrets(path, ['postgres/ledger'], {});
    expect(createPrivateKey(tokenPrivateKey).asymmetricKeyType).toBe('ed25519');
    expect(Buffer.from(secretsKey, 'base64url')).toHaveLength(32);
    expect(passwords['postgres/ledger']).toMatch(/^[\w-]{32}$/); // needs no escape in a URL
  });

  it('gain the password of an account that is new, and keep the others', () => {
    const before = openSecrets(path, ['postgres/ledger'], {});
    const after = openSecrets(path, ['postgres/ledger', 'postgres/payroll'], {});
    expect(passwordOf(after, 'postgres/ledger')).toBe(passwordOf(before, 'postgres/ledger'));
    expect(passwordOf(after, 'postgres/payroll')).toHaveLength(32);
    expect(() => passwordOf(after, 'postgres/tax')).toThrow('There is no account postgres/tax');
  });

  it("take the administrator's name and password of the first start, and keep to them", () => {
    const administrator = { email: 'ann@example.com', password: 'correct horse' };
    const first = openSecrets(path, [], administrator);
    expect(first).toMatchObject({ adminEmail: 'ann@example.com', adminPassword: 'correct horse' });
    expect(openSecrets(path, [], { email: 'bob@example.com' })).toEqual(first);
  });
});
