import { randomUUID } from 'node:crypto';
import { type CreateApiClient, identity } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holderOf, newEmail, password, refusal, StartedIdentity } from './started-identity.js';

let service: StartedIdentity;
let own: Awaited<ReturnType<StartedIdentity['tenant']>>;

beforeAll(async () => {
  service = await StartedIdentity.start();
  own = await service.tenant();
}, 120_000);
afterAll(() => service?.stop());

const create = (change: Partial<CreateApiClient> = {}) =>
  service.ask(identity.createApiClient, { name: 'Month-end import', roles: ['admin'], ...change }, own.admin);
const tokenOf = ({ client_id, client_secret = '' }: { client_id: string; client_secret?: string }) =>
  service.ask(identity.clientToken, { grant_type: 'client_credentials', client_id, client_secret });
const invalid = refusal('unauthorized', { message: 'Invalid credentials' });

describe('a machine client', () => {
  it('gets tokens with its secret that say what it may do', async () => {
    const resellerId = '1234567890abcdef12345678';
    const client = await create({ roles: ['reseller', 'admin'], resellerId });
    const token = await tokenOf(client);
    expect(token).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 900 });
    expect(holderOf(token)).toEqual({
      tenantId: own.tenant.id,
      clientId: client.client_id,
      roles: ['reseller', 'admin'],
      resellerId,
    });
  });

  it('gets none with a wrong secret, an unknown or a malformed id', async () => {
    const client = await create();
    const other = await create();
    await expect(tokenOf({ ...client, client_secret: other.client_secret! })).rejects.toMatchObject(invalid);
    await expect(tokenOf({ ...client, client_id: randomUUID() })).rejects.toMatchObject(invalid);
    await expect(tokenOf({ ...client, client_id: 'not a uuid' })).rejects.toMatchObject(invalid);
  });

  it('has a signing secret only when it posts the events of a provider', async () => {
    expect(await create({ roles: ['provider'] })).toHaveProperty('signing_secret', expect.any(String));
    expect(await create({ roles: ['admin'] })).not.toHaveProperty('signing_secret');
  });

  it('gets no new tokens after it has expired', async () => {
    const client = await create({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    await expect(tokenOf(client)).resolves.toBeDefined();
    await service.sql(`UPDATE api_client SET expires_at = now() WHERE client_id = $1`, [client.client_id]);
    await expect(tokenOf(client)).rejects.toMatchObject(invalid);
  });

  it('cannot be made already expired, or with a role that nothing binds', async () => {
    await expect(create({ expiresAt: '2020-01-01T00:00:00Z' })).rejects.toMatchObject(
      refusal('unprocessable', { details: [{ field: 'expiresAt', message: 'expiresAt must be in the future' }] }),
    );
    await expect(create({ roles: ['merchant'] })).rejects.toMatchObject(refusal('unprocessable'));
  });

  it.each(['2030-01-01', '2030-01-01T00:00:00', '2030-02-30T00:00:00Z', 'tomorrow'])(
    'cannot expire at %s, which names no instant',
    async (expiresAt) => {
      await expect(create({ expiresAt })).rejects.toMatchObject(refusal('bad_request'));
    },
  );

  it('gets no more tokens once it is deleted', async () => {
    const client = await create();
    await expect(service.ask(identity.deleteApiClient, client, own.admin)).rejects.toMatchObject(
      refusal('bad_request'),
    );
    const { client_id } = client;
    await expect(service.ask(identity.deleteApiClient, { client_id }, own.admin)).resolves.toBeNull();
    await expect(tokenOf(client)).rejects.toMatchObject(invalid);
    await expect(service.ask(identity.deleteApiClient, { client_id }, own.admin)).rejects.toMatchObject(
      refusal('not_found'),
    );
  });

  it('of another tenant is neither listed nor there to be deleted', async () => {
    const { client_id } = await create();
    const other = await service.tenant();
    expect(await service.ask(identity.listApiClients, {}, other.admin)).toEqual([]);
    await expect(service.ask(identity.deleteApiClient, { client_id }, other.admin)).rejects.toMatchObject(
      refusal('not_found'),
    );
  });

  it('is made, listed and deleted by admins only', async () => {
    const email = newEmail();
    const member = { email, password, firstName: 'Mia', lastName: 'Member', roles: ['member' as const] };
    await service.ask(identity.createUser, member, own.admin);
    const call = { principal: holderOf(await service.login(email, password)) };
    const { client_id } = await create();
    for (const attempt of [
      service.ask(identity.createApiClient, { name: 'Mine', roles: ['admin'] }, call),
      service.ask(identity.listApiClients, {}, call),
      service.ask(identity.deleteApiClient, { client_id }, call),
    ]) {
      await expect(attempt).rejects.toMatchObject(refusal('forbidden'));
    }
  });
});

describe('the secrets of a machine client', () => {
  it('are shown once: not listed, and not in a replayed answer', async () => {
    const idempotency = { key: randomUUID(), route: 'POST /api-clients', bodyHash: 'hash' };
    const request = { name: 'Provider', roles: ['provider' as const] };
    const call = { ...own.admin, idempotency };
    const { reply } = await service.askForReply(identity.createApiClient, request, call);
    expect(await service.askForReply(identity.createApiClient, request, call)).toEqual({
      reply: { client_id: reply.client_id },
      replayed: true,
    });
    const listed = await service.ask(identity.listApiClients, {}, own.admin);
    expect(listed.filter(({ client_id }) => client_id === reply.client_id)).toEqual([
      { client_id: reply.client_id, name: 'Provider', roles: ['provider'], createdAt: expect.any(String) },
    ]);
  });

  it('are in the database neither as they are nor in another spelling', async () => {
    const { client_secret = '', signing_secret = '' } = await create({ roles: ['provider'] });
    for (const { table_name: table } of await service.sql<{ table_name: string }>(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`,
    )) {
      const dump = JSON.stringify(await service.sql(`SELECT row::text FROM "${table}" AS row`));
      for (const secret of [client_secret, signing_secret]) {
        expect(dump).not.toContain(secret);
        expect(dump).not.toContain(Buffer.from(secret).toString('hex'));
        expect(dump).not.toContain(Buffer.from(secret, 'base64url').toString('hex'));
      }
    }
  });
});
