import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What one installation was given at its first start; kept in its home, readable by its owner only. */
export interface Secrets {
  adminEmail: string;
  adminPassword: string;
  /** Ed25519, PKCS#8, PEM. */
  tokenPrivateKey: string;
  /** 32 bytes, base64url. */
  secretsKey: string;
  storageSigningKey: string;
  /** Of PostgreSQL roles and NATS users, by `<server>/<name>`. */
  passwords: Record<string, string>;
}

export interface Administrator {
  email?: string | undefined;
  password?: string | undefined;
}

const random = (bytes: number) => randomBytes(bytes).toString('base64url');

/**
 * Reads the secrets, or makes them at the first start. `accounts` are the `<server>/<name>` that need a password; those
 * without one, such as a new service's, get theirs now.
 */
export function openSecrets(path: string, accounts: string[], administrator: Administrator): Secrets {
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Secrets) : firstSecrets(administrator);
  const passwords = Object.fromEntries(accounts.map((account) => [account, random(24)]));
  const secrets = { ...known, passwords: { ...passwords, ...known.passwords } };
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
  return secrets;
}

const firstSecrets = ({ email, password }: Administrator): Secrets => ({
  adminEmail: email || 'admin@countinghouse.local',
  adminPassword: password || random(12),
  tokenPrivateKey: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  secretsKey: random(32),
  storageSigningKey: random(32),
  passwords: {},
});

export function passwordOf(secrets: Secrets, account: string): string {
  const password = secrets.passwords[account];
  if (!password) throw new Error(`There is no account ${account} in this installation`);
  return password;
}
