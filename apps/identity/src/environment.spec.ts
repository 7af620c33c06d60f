import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { environment } from './environment.js';

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = () => generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();

const sound = {
  NATS_URL: 'nats://127.0.0.1:4222',
  OPS_PORT: '0',
  DATABASE_URL: 'postgres://identity@127.0.0.1/identity',
  ADMIN_EMAIL: 'admin@finance.example',
  ADMIN_PASSWORD: 'correct horse battery',
  TOKEN_PRIVATE_KEY: pemOf(generateKeyPairSync('ed25519').privateKey),
  TOKEN_ISSUER: 'https://finance.example',
  TOKEN_AUDIENCE: 'countinghouse',
  SECRETS_KEY: randomBytes(32).toString('base64url'),
};

const complaints = (change: Record<string, string>) =>
  environment.safeParse({ ...sound, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];

/** The private key of a seed as RFC 8032 prints it, in hexadecimal. */
const keyOfSeed = (seed: string) =>
  pemOf(
    createPrivateKey({
      key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
      format: 'der',
      type: 'pkcs8',
    }),
  );

describe('the environment', () => {
  it('is read into keys', () => {
    const read = environment.parse({ ...sound, TOKEN_PREVIOUS_PUBLIC_KEYS: `${publicPem()}${publicPem()}` });
    expect(read.TOKEN_PRIVATE_KEY.type).toBe('private');
    expect(read.TOKEN_PREVIOUS_PUBLIC_KEYS.map(({ type }) => type)).toEqual(['public', 'public']);
    expect(read.SECRETS_KEY).toHaveLength(32);
  });

  it('may hold PEM on one line, as env files do', () => {
    expect(complaints({ TOKEN_PRIVATE_KEY: sound.TOKEN_PRIVATE_KEY.replaceAll('\n', '\\n') })).toEqual([]);
  });

  it.each([
    ['ADMIN_EMAIL', 'admin'],
    ['ADMIN_PASSWORD', 'short'],
    ['TOKEN_PRIVATE_KEY', 'not a key'],
    ['TOKEN_PRIVATE_KEY', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
    ['TOKEN_PREVIOUS_PUBLIC_KEYS', 'not a key'],
    ['SECRETS_KEY', randomBytes(16).toString('base64url')],
    ['TOKEN_ISSUER', ''],
  ])('is refused with the name of what is malformed: %s', (name, value) => {
    expect(complaints({ [name]: value })).toEqual([name]);
  });
});

describe('a default secret', () => {
  const defaults: [string, string][] = [
    ['ADMIN_PASSWORD', 'changeme-2026'],
    ['SECRETS_KEY', Buffer.alloc(32).toString('base64url')],
    ['SECRETS_KEY', Buffer.from('this is text and not randomness!').toString('base64url')],
    ['TOKEN_PRIVATE_KEY', keyOfSeed('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')],
    ['TOKEN_PRIVATE_KEY', keyOfSeed('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb')],
    ['TOKEN_PRIVATE_KEY', keyOfSeed('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7')],
  ];

  it.each(defaults)('is refused: %s', (name, value) => {
    expect(complaints({ [name]: value })).toEqual([name]);
  });

  it.each(defaults)('is let pass where one launcher runs everything on this machine: %s', (name, value) => {
    expect(complaints({ [name]: value, EMBEDDED: '1' })).toEqual([]);
  });

  it('is never printed', () => {
    const { error } = environment.safeParse({ ...sound, ADMIN_PASSWORD: 'changeme-2026' });
    expect(error?.message).not.toContain('changeme-2026');
  });
});
