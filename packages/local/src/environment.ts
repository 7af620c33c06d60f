import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { natsUrl } from './nats.js';
import { postgresUrl } from './postgres.js';
import { passwordOf, type Secrets } from './secrets.js';

/** One installation: where it lives, what it was given, and where its servers listen. */
export interface Installation {
  home: string;
  publicUrl: string;
  secrets: Secrets;
  gatewayPort: number;
  postgresPort: number;
  natsPort: number;
}

/** Only the process that needs a secret gets it, also when it came from the launcher's own environment. */
const secretVariables = ['ADMIN_PASSWORD', 'TOKEN_PRIVATE_KEY', 'SECRETS_KEY', 'STORAGE_SIGNING_KEY'];
const compileCache = fileURLToPath(new URL('../../../.cache/compiled/', import.meta.url));

export const databaseUrl = ({ secrets, postgresPort }: Installation, service: string, role = service) =>
  postgresUrl(role, passwordOf(secrets, `postgres/${role}`), postgresPort, service);

export const ownerOf = (service: string) => `${service}_owner`;

export const messagesUrl = ({ secrets, natsPort }: Installation, user: string) =>
  natsUrl(user, passwordOf(secrets, `nats/${user}`), natsPort);

/** The environment of one process; `extra` has the last word. */
export function environmentOf(
  name: string,
  opsPort: number,
  installation: Installation,
  extra: Record<string, string>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([variable]) => !secretVariables.includes(variable));
  return {
    NODE_COMPILE_CACHE: compileCache,
    TOKEN_ISSUER: 'countinghouse',
    TOKEN_AUDIENCE: 'countinghouse',
    ...Object.fromEntries(inherited),
    COUNTINGHOUSE_HOME: installation.home,
    EMBEDDED: '1',
    NODE_ENV: 'production',
    OPS_PORT: String(opsPort),
    PUBLIC_URL: installation.publicUrl,
    NATS_URL: messagesUrl(installation, name),
    ...(name === 'gateway' ? { PORT: String(installation.gatewayPort) } : databaseVariables(name, installation)),
    ...(name === 'identity' ? identityVariables(installation) : objectVariables(name, installation)),
    ...extra,
  };
}

const databaseVariables = (name: string, installation: Installation) => ({
  DATABASE_URL: databaseUrl(installation, name),
  MIGRATION_DATABASE_URL: databaseUrl(installation, name, ownerOf(name)),
});

const identityVariables = ({ secrets }: Installation) => ({
  ADMIN_EMAIL: secrets.adminEmail,
  ADMIN_PASSWORD: secrets.adminPassword,
  TOKEN_PRIVATE_KEY: secrets.tokenPrivateKey,
  SECRETS_KEY: secrets.secretsKey,
});

const objectVariables = (name: string, { home, secrets }: Installation) => ({
  STORAGE_URL: pathToFileURL(join(home, 'objects')).href,
  STORAGE_SIGNING_KEY: secrets.storageSigningKey,
  WORK_DIR: join(home, 'work', name),
});
