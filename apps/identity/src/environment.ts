import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { serviceEnvironment } from '@countinghouse/service';
import { z } from 'zod';
import { isGuessable } from './domain/weak-secret.js';

const pem = (text: string) => text.replaceAll('\\n', '\n');

/** A key that `read` makes of text, or an issue that says what was expected. */
const key = (expected: string, read: (text: string) => KeyObject[]) =>
  z.string(expected).transform((text, context): KeyObject[] => {
    try {
      const keys = read(text);
      if (keys.every(({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519')) return keys;
    } catch {
      // Said below: OpenSSL's own words help nobody.
    }
    context.addIssue(expected);
    return z.NEVER;
  });

const privateKey = key('expected an Ed25519 private key as PEM (openssl genpkey -algorithm ed25519)', (text) => [
  createPrivateKey(pem(text)),
]).transform(([only]) => only!);

const publicKeys = key('expected Ed25519 public keys as PEM, one after the other', (text) =>
  pem(text)
    .split(/(?<=-----END PUBLIC KEY-----)/)
    .filter((part) => part.trim() !== '')
    .map((part) => createPublicKey(part)),
);

const randomBytes = 'expected 32 random bytes as base64url (openssl rand 32 | basenc --base64url)';

const secretsKey = z
  .string(randomBytes)
  .regex(/^[\w-]{43}=?$/, { error: randomBytes, abort: true })
  .transform((text) => Buffer.from(text, 'base64url'));

/** Private keys printed in standards: RFC 8032 (7.1, tests 1 to 3), of which RFC 8037 has the first. By public key. */
const publishedKeys = [
  '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
  '_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU',
];

const isPublished = (key: KeyObject) =>
  publishedKeys.includes(String(createPublicKey(key).export({ format: 'jwk' }).x));

/** 32 random bytes have about 30 different values, and hardly ever are all of them letters. */
const looksRandom = (bytes: Buffer) => new Set(bytes).size >= 16 && !/^[\x20-\x7e]+$/.test(bytes.toString('latin1'));

const adminPassword = 'expected 10 to 200 characters';

/** What identity is told by its environment. */
export const environment = serviceEnvironment
  .extend({
    /** The platform admin, made at the first start. */
    ADMIN_EMAIL: z.email('expected an e-mail address'),
    ADMIN_PASSWORD: z.string(adminPassword).min(10, { error: adminPassword, abort: true }).max(200, adminPassword),
    TOKEN_PRIVATE_KEY: privateKey,
    /** Public keys of earlier TOKEN_PRIVATE_KEYs, while tokens signed with them may still be about. */
    TOKEN_PREVIOUS_PUBLIC_KEYS: publicKeys.default([]),
    TOKEN_ISSUER: z.string().min(1, 'expected the name our tokens carry as their issuer, such as https://…'),
    TOKEN_AUDIENCE: z.string().min(1, 'expected the name our tokens carry as their audience'),
    SECRETS_KEY: secretsKey,
  })
  .superRefine(({ EMBEDDED, ADMIN_PASSWORD, SECRETS_KEY, TOKEN_PRIVATE_KEY }, context) => {
    if (EMBEDDED === '1') return;
    const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if (isGuessable(ADMIN_PASSWORD)) refuse('ADMIN_PASSWORD', 'is a default or easily guessed; choose another one');
    if (!looksRandom(SECRETS_KEY)) refuse('SECRETS_KEY', 'is not random; make one with openssl rand 32');
    if (isPublished(TOKEN_PRIVATE_KEY)) refuse('TOKEN_PRIVATE_KEY', 'is printed in a standard; make a key of your own');
  });
