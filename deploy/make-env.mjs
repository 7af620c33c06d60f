// node deploy/make-env.mjs > .env: the settings of docker-compose.yml, with new secrets.
import { generateKeyPairSync, randomBytes } from 'node:crypto';

const random = (bytes = 24) => randomBytes(bytes).toString('base64url');
/** nats-server reads variables as configuration, where a value that begins with a digit would be a number. */
const word = () => `n${randomBytes(24).toString('hex')}`;
const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const settings = {
  PUBLIC_URL: 'http://localhost:8080',
  ADMIN_EMAIL: 'admin@countinghouse.local',
  ADMIN_PASSWORD: random(12),
  TOKEN_PRIVATE_KEY: `'${pem.trim().replaceAll('\n', '\\n')}'`,
  SECRETS_KEY: random(32),
  STORAGE_SIGNING_KEY: random(32),
  POSTGRES_PASSWORD: random(),
  IDENTITY_PASSWORD: random(),
  IDENTITY_OWNER_PASSWORD: random(),
  ROYALTIES_PASSWORD: random(),
  ROYALTIES_OWNER_PASSWORD: random(),
  ACCOUNTING_PASSWORD: random(),
  ACCOUNTING_OWNER_PASSWORD: random(),
  GATEWAY_NATS_PASSWORD: word(),
  IDENTITY_NATS_PASSWORD: word(),
  ROYALTIES_NATS_PASSWORD: word(),
  ACCOUNTING_NATS_PASSWORD: word(),
};
for (const [name, value] of Object.entries(settings)) console.log(`${name}=${value}`);
