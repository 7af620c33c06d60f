import { randomUUID } from 'node:crypto';
import { identity, identityFacts, type UpdateTenant } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holderOf, newEmail, newTenant, password, refusal, StartedIdentity } from './started-identity.js';

let service: StartedIdentity;

beforeAll(async () => {
  service = await StartedIdentity.start();
}, 120_000);
afterAll(() => service?.stop());

const factsOf = (id: number) =>
  service.sql<{ subject: string; body: object }>('SELECT subject, body FROM outbox WHERE tenant_id = $1 ORDER BY id', [
    id,
  ]);

describe('a new tenant', () => {
  it('has the settings that were given, the rest by default, and an admin who can log in', async () => {
    const { tenant, admin } = await service.tenant({ name: 'Southern Lights', language: 'en' });
    expect(tenant).toEqual({
      id: expect.any(Number),
      name: 'Southern Lights',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
      language: 'en',
      vatRate: '0.25',
      autoRevenue: { royalties: false, telecom: false, lending: false },
      maxRejectedPercent: '5',
    });
    expect(admin.principal).toMatchObject({ tenantId: tenant.id, roles: ['admin'] });
  });

  it('is told of together with its admin', async () => {
    const { tenant, email } = await service.tenant();
    expect(await factsOf(tenant.id)).toEqual([
      { subject: 'identity.tenant.changed', body: { ...tenant, version: 1 } },
      { subject: 'identity.user.changed', body: expect.objectContaining({ email, roles: ['admin'], version: 1 }) },
    ]);
  });

  it('is known to whoever listens, soon after', async () => {
    const name = `Tenant ${randomUUID()}`;
    const heard = service.published(identityFacts.tenantChanged, (body) => body.name === name);
    const { tenant } = await service.tenant({ name });
    expect(await heard).toMatchObject({ tenantId: tenant.id, body: { ...tenant, version: 1 } });
  });

  it('is made by the platform admin and nobody else', async () => {
    const { admin } = await service.tenant();
    await expect(service.ask(identity.createTenant, newTenant(), admin)).rejects.toMatchObject(refusal('forbidden'));
    await expect(service.ask(identity.createTenant, newTenant())).rejects.toMatchObject(refusal('unauthorized'));
  });

  it('is made once when the same request comes again', async () => {
    const call = await service.platformAdmin();
    const idempotency = { key: randomUUID(), route: 'POST /tenant', bodyHash: 'hash' };
    const request = newTenant();
    const first = await service.askForReply(identity.createTenant, request, { ...call, idempotency });
    const again = await service.askForReply(identity.createTenant, request, { ...call, idempotency });
    expect(again).toEqual({ reply: first.reply, replayed: true });
    await expect(
      service.ask(identity.createTenant, newTenant(), { ...call, idempotency: { ...idempotency, bodyHash: 'other' } }),
    ).rejects.toMatchObject(refusal('unprocessable'));
  });

  it.each<[string, object]>([
    ['an unknown currency', { currency: 'EURO' }],
    ['a currency in lower case', { currency: 'eur' }],
    ['an unknown time zone', { timeZone: 'Europe/Nowhere' }],
    ['an offset for a time zone', { timeZone: '+02:00' }],
    ['VAT in percent', { vatRate: '25' }],
    ['no admin', { admin: undefined }],
    ['a list of admins', { admin: [newTenant().admin] }],
    ['an admin with a short password', { admin: { ...newTenant().admin, password: 'short' } }],
  ])('with %s is refused', async (_, change) => {
    const request = { ...newTenant(), ...change };
    await expect(service.ask(identity.createTenant, request, await service.platformAdmin())).rejects.toMatchObject(
      refusal('bad_request'),
    );
  });
});

describe('a tenant', () => {
  it('is read and changed by its own admin only; to others it is not there', async () => {
    const [own, other] = [await service.tenant(), await service.tenant()];
    await expect(service.ask(identity.getTenant, { id: own.tenant.id }, own.admin)).resolves.toEqual(own.tenant);
    const missing = refusal('not_found', { message: 'Tenant not found' });
    await expect(service.ask(identity.getTenant, { id: own.tenant.id }, other.admin)).rejects.toMatchObject(missing);
    const change = { id: own.tenant.id, name: 'Mine now' };
    await expect(service.ask(identity.updateTenant, change, other.admin)).rejects.toMatchObject(missing);
    await expect(service.ask(identity.getTenant, { id: 2_000_000 }, own.admin)).rejects.toMatchObject(missing);
  });

  it('is closed to its members and to the platform admin', async () => {
    const { tenant, admin } = await service.tenant();
    const email = newEmail();
    const member = { email, password, firstName: 'Mia', lastName: 'Member', roles: ['member' as const] };
    await service.ask(identity.createUser, member, admin);
    const asMember = { principal: holderOf(await service.login(email, password)) };
    for (const call of [asMember, await service.platformAdmin()]) {
      await expect(service.ask(identity.getTenant, { id: tenant.id }, call)).rejects.toMatchObject(
        refusal('forbidden'),
      );
      await expect(service.ask(identity.updateTenant, { id: tenant.id }, call)).rejects.toMatchObject(
        refusal('forbidden'),
      );
    }
  });

  it('changes what is given and tells of it, and keeps the rest', async () => {
    const { tenant, admin } = await service.tenant();
    const change = { vatRate: '0.0825', autoRevenue: { telecom: true }, maxRejectedPercent: '0' };
    const changed = await service.ask(identity.updateTenant, { id: tenant.id, ...change }, admin);
    const expected = { ...tenant, ...change, autoRevenue: { royalties: false, telecom: true, lending: false } };
    expect(changed).toEqual(expected);
    expect((await factsOf(tenant.id)).at(-1)).toEqual({
      subject: 'identity.tenant.changed',
      body: { ...expected, version: 2 },
    });
    expect(await service.ask(identity.findTenant, { id: tenant.id })).toEqual({ ...expected, version: 2 });
  });

  it.each<[string, object]>([
    ['its currency', { currency: 'SEK' }],
    ['its name to nothing', { name: null }],
    ['its VAT to more than all', { vatRate: '1.01' }],
    ['its settings to a list', { autoRevenue: [] }],
  ])('cannot change %s', async (_, change) => {
    const { tenant, admin } = await service.tenant();
    const request = { id: tenant.id, ...change } as UpdateTenant;
    await expect(service.ask(identity.updateTenant, request, admin)).rejects.toMatchObject(refusal('bad_request'));
  });

  it('that was never made is not found for other services', async () => {
    await expect(service.ask(identity.findTenant, { id: 2_000_000 })).rejects.toMatchObject(refusal('not_found'));
  });
});
