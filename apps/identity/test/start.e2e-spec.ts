import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { identity } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { holderOf, password, refusal, StartedIdentity } from './started-identity.js';

let service: StartedIdentity;

beforeAll(async () => {
  service = await StartedIdentity.start();
}, 120_000);
afterAll(() => service?.stop());

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const environment = (change: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  NATS_URL: service.product.natsUrl,
  OPS_PORT: '0',
  DATABASE_URL: service.product.databaseUrl('identity'),
  MIGRATION_DATABASE_URL: service.product.ownerDatabaseUrl('identity'),
  ADMIN_EMAIL: service.product.adminEmail,
  ADMIN_PASSWORD: password,
  TOKEN_PRIVATE_KEY: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  TOKEN_ISSUER: 'countinghouse',
  TOKEN_AUDIENCE: 'countinghouse',
  SECRETS_KEY: randomBytes(32).toString('base64url'),
  ...change,
});

const platformAdmins = () => service.sql<{ email: string }>('SELECT email FROM app_user WHERE tenant_id = 0');

describe('the platform admin', () => {
  it('is made at the first start and makes tenants', async () => {
    const { principal } = await service.platformAdmin();
    expect(principal).toMatchObject({ tenantId: 0, roles: ['platform_admin'] });
    await expect(
      service.ask(identity.getUser, { id: principal!.userId! }, { principal: principal! }),
    ).resolves.toMatchObject({ email: service.product.adminEmail, tenantId: 0 });
  });

  it('is made once when several replicas start at once, and keeps the password when they start again', async () => {
    const { adminEmail, adminPassword } = service.product;
    await service.sql('DELETE FROM refresh_family');
    await service.sql('DELETE FROM app_user');
    const replicas = [1, 2, 3].map(() => spawn(process.execPath, [main], { env: environment(), stdio: 'ignore' }));
    try {
      await service.product.restart('identity');
      const [admin] = await platformAdmins();
      expect(admin?.email).toBe(adminEmail);
    } finally {
      await Promise.all(replicas.map((replica) => (replica.kill(), once(replica, 'exit'))));
    }
    expect(await platformAdmins()).toHaveLength(1);
    const fits = async (given: string) => service.login(adminEmail, given).then(holderOf, () => null);
    const [own, theirs] = [await fits(adminPassword), await fits(password)];
    expect([own, theirs].filter(Boolean)).toHaveLength(1);
    await service.product.restart('identity');
    expect(await fits(own ? adminPassword : password)).not.toBeNull();
  }, 60_000);
});

describe('a start', () => {
  it.each([
    ['ADMIN_PASSWORD', 'changeme-2026', 'default'],
    ['SECRETS_KEY', Buffer.alloc(32).toString('base64url'), 'not random'],
    ['TOKEN_ISSUER', '', 'expected'],
  ])('with a bad %s is refused with its name, and the value is not shown', async (name, value, why) => {
    const child = spawn(process.execPath, [main], { env: environment({ [name]: value }) });
    const [words, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(code).toBe(78);
    expect(words).toContain(name);
    expect(words).toContain(why);
    if (value) expect(words).not.toContain(value);
  });
});

describe('a connection with the role of the service', () => {
  it('sees no row of any table without a tenant, and of a tenant only its own', async () => {
    const [one, other] = [await service.tenant(), await service.tenant()];
    await service.login(one.email, 'wrong password').catch(() => {});
    const client = new Client({ connectionString: service.product.databaseUrl('identity') });
    await client.connect();
    try {
      const tables = ['tenant', 'app_user', 'api_client', 'refresh_family', 'login_failure'];
      for (const table of tables) {
        expect((await client.query(`SELECT FROM ${table}`)).rowCount).toBe(0);
      }
      await client.query(`SELECT set_config('app.tenant', $1, false)`, [one.tenant.id]);
      const { rows } = await client.query('SELECT DISTINCT tenant_id FROM app_user');
      expect(rows).toEqual([{ tenant_id: one.tenant.id }]);
      await expect(
        client.query(`UPDATE app_user SET tenant_id = $1 WHERE tenant_id = $2`, [other.tenant.id, one.tenant.id]),
      ).rejects.toThrow('row-level security');
      await expect(client.query('DELETE FROM app_user')).rejects.toThrow('permission denied');
    } finally {
      await client.end();
    }
  });
});

describe('logs', () => {
  it('hold no password, no token and no secret', async () => {
    const { email, admin } = await service.tenant();
    await service.login(email, 'a very wrong password').catch(() => {});
    const { refresh_token, access_token } = await service.login(email, password);
    const client = await service.ask(identity.createApiClient, { name: 'Robot', roles: ['provider'] }, admin);
    await expect(service.ask(identity.refresh, { refresh_token: 'forged' })).rejects.toMatchObject(
      refusal('unauthorized'),
    );
    const { readFile } = await import('node:fs/promises');
    const log = await readFile(`${service.product.home}/logs/identity.log`, 'utf8');
    expect(log).toContain('ready');
    for (const secret of [password, 'a very wrong password', refresh_token, access_token, client.client_secret!]) {
      expect(log).not.toContain(secret);
    }
  });
});
