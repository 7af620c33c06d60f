import { randomUUID } from 'node:crypto';
import { type CreateUser, identity, type Role, type User } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { holderOf, newEmail, password, refusal, StartedIdentity } from './started-identity.js';

let service: StartedIdentity;
let own: Awaited<ReturnType<StartedIdentity['tenant']>>;
let other: Awaited<ReturnType<StartedIdentity['tenant']>>;

beforeAll(async () => {
  service = await StartedIdentity.start();
  own = await service.tenant();
  other = await service.tenant();
}, 120_000);
afterAll(() => service?.stop());

const resellerId = '1234567890abcdef12345678';
const clientIds = ['7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11'];

const newUser = (change: Partial<CreateUser> = {}): CreateUser => ({
  email: newEmail(),
  firstName: 'Grace',
  lastName: 'Hopper',
  roles: ['member'],
  password,
  ...change,
});
const create = (change: Partial<CreateUser> = {}, by = own): Promise<User> =>
  service.ask(identity.createUser, newUser(change), by.admin);
const loggedIn = async (user: User) => ({ principal: holderOf(await service.login(user.email, password)) });

const factsOf = (id: string) =>
  service.sql<{ tenant_id: number; body: object }>(
    `SELECT tenant_id, body FROM outbox WHERE subject = 'identity.user.changed' AND body->>'id' = $1 ORDER BY id`,
    [id],
  );

describe('a new user', () => {
  it('can log in with the roles and bounds that were given', async () => {
    const user = await create({ roles: ['reseller', 'merchant'], resellerId: resellerId.toUpperCase(), clientIds });
    expect(user).toEqual({
      id: expect.any(String),
      email: user.email,
      firstName: 'Grace',
      lastName: 'Hopper',
      fullName: 'Grace Hopper',
      tenantId: own.tenant.id,
      roles: ['reseller', 'merchant'],
      resellerId,
      clientIds,
    });
    expect((await loggedIn(user)).principal).toEqual({
      tenantId: own.tenant.id,
      userId: user.id,
      roles: ['reseller', 'merchant'],
      resellerId,
      clientIds,
    });
  });

  it('without a password cannot log in', async () => {
    const { email } = await create({ password: null });
    await expect(service.login(email, '')).rejects.toMatchObject(refusal('bad_request'));
    await expect(service.login(email, 'null')).rejects.toMatchObject(refusal('unauthorized'));
  });

  it('is refused when the e-mail address is taken in the tenant, in whatever case, and not when in another', async () => {
    const { email } = await create();
    await expect(create({ email: email.toUpperCase() })).rejects.toMatchObject(refusal('conflict'));
    await expect(create({ email }, other)).resolves.toMatchObject({ email, tenantId: other.tenant.id });
  });

  it.each<[Role, string]>([
    ['reseller', 'resellerId'],
    ['reseller_admin', 'resellerId'],
    ['merchant', 'clientIds'],
  ])('with the role %s is refused without %s, and nothing is left of it', async (role, field) => {
    const email = newEmail();
    await expect(create({ email, roles: [role] })).rejects.toMatchObject(
      refusal('unprocessable', { details: [{ field, message: expect.stringContaining(role) }] }),
    );
    await expect(create({ email })).resolves.toBeDefined();
  });

  it('is told of a taken address before anything else', async () => {
    const { email } = await create();
    await expect(create({ email, roles: ['merchant'] })).rejects.toMatchObject(refusal('conflict'));
  });

  it.each<[string, object]>([
    ['platform_admin', { roles: ['platform_admin'] }],
    ['no role', { roles: [] }],
    ['an unknown role', { roles: ['root'] }],
    ['a short password', { password: 'short' }],
    ['a blank name', { firstName: ' ' }],
    ['a name that cannot be stored', { firstName: 'a\0b' }],
    ['a tenant of their own choice', { tenantId: 1 }],
    ['an id of their own choice', { id: randomUUID() }],
  ])('with %s is refused', async (_, change) => {
    await expect(create(change)).rejects.toMatchObject(refusal('bad_request'));
  });

  it('is made once when the same request comes again', async () => {
    const request = newUser();
    const idempotency = { key: randomUUID(), route: 'POST /user', bodyHash: 'hash of the body' };
    const first = await service.askForReply(identity.createUser, request, { ...own.admin, idempotency });
    const again = await service.askForReply(identity.createUser, request, { ...own.admin, idempotency });
    expect(again).toEqual({ reply: first.reply, replayed: true });
    const stored = await service.sql<{ body_hash: string }>('SELECT body_hash FROM idempotency_key WHERE key = $1', [
      idempotency.key,
    ]);
    // It was made of a body with a password in it.
    expect(stored.map(({ body_hash }) => body_hash)).not.toContain('hash of the body');
  });
});

describe('a user', () => {
  it('may read themselves and nobody else', async () => {
    const [ada, eve] = [await create(), await create()];
    const call = await loggedIn(ada);
    await expect(service.ask(identity.getUser, { id: ada.id }, call)).resolves.toEqual(ada);
    await expect(service.ask(identity.getUser, { id: eve.id }, call)).rejects.toMatchObject(
      refusal('not_found', { message: 'User not found' }),
    );
  });

  it('is read by the admin of the tenant and by no other', async () => {
    const ada = await create();
    await expect(service.ask(identity.getUser, { id: ada.id }, own.admin)).resolves.toEqual(ada);
    await expect(service.ask(identity.getUser, { id: ada.id }, other.admin)).rejects.toMatchObject(
      refusal('not_found'),
    );
    await expect(service.ask(identity.getUser, { id: ada.id })).rejects.toMatchObject(refusal('unauthorized'));
  });

  it('who is no admin changes nothing', async () => {
    const ada = await create();
    const call = await loggedIn(ada);
    const forbidden = refusal('forbidden');
    await expect(service.ask(identity.createUser, newUser(), call)).rejects.toMatchObject(forbidden);
    await expect(service.ask(identity.listUsers, { page: 1, size: 20 }, call)).rejects.toMatchObject(forbidden);
    await expect(service.ask(identity.updateUser, { id: ada.id, roles: ['admin'] }, call)).rejects.toMatchObject(
      forbidden,
    );
    await expect(service.ask(identity.deleteUser, { id: ada.id }, call)).rejects.toMatchObject(forbidden);
  });

  it('of another tenant is not there to be changed or deleted', async () => {
    const ada = await create();
    const missing = refusal('not_found');
    await expect(service.ask(identity.updateUser, { id: ada.id, firstName: 'Eve' }, other.admin)).rejects.toMatchObject(
      missing,
    );
    await expect(service.ask(identity.deleteUser, { id: ada.id }, other.admin)).rejects.toMatchObject(missing);
    await expect(service.ask(identity.getUser, { id: ada.id }, own.admin)).resolves.toEqual(ada);
  });
});

describe('changing a user', () => {
  const update = (id: string, change: object) => service.ask(identity.updateUser, { id, ...change }, own.admin);

  it('changes what is given and nothing else', async () => {
    const ada = await create();
    const changed = await update(ada.id, { lastName: 'Lovelace', roles: ['member', 'admin'] });
    expect(changed).toEqual({ ...ada, lastName: 'Lovelace', fullName: 'Grace Lovelace', roles: ['member', 'admin'] });
    await expect(service.ask(identity.getUser, { id: ada.id }, own.admin)).resolves.toEqual(changed);
  });

  it('takes away with null what may be absent', async () => {
    const ada = await create({ resellerId, clientIds });
    expect(await update(ada.id, { resellerId: null, clientIds: null })).not.toHaveProperty('resellerId');
    await update(ada.id, { password: null });
    await expect(service.login(ada.email, password)).rejects.toMatchObject(refusal('unauthorized'));
    await expect(update(ada.id, { email: null })).rejects.toMatchObject(refusal('bad_request'));
  });

  it('judges roles and bounds together with those that stay', async () => {
    const ada = await create({ roles: ['reseller'], resellerId });
    await expect(update(ada.id, { resellerId: null })).rejects.toMatchObject(refusal('unprocessable'));
    await expect(update(ada.id, { roles: ['reseller', 'merchant'] })).rejects.toMatchObject(refusal('unprocessable'));
    await expect(update(ada.id, { roles: ['merchant'], resellerId: null, clientIds })).resolves.toMatchObject({
      clientIds,
    });
  });

  it('refuses an e-mail address that another user has', async () => {
    const [ada, eve] = [await create(), await create()];
    await expect(update(eve.id, { email: ada.email })).rejects.toMatchObject(refusal('conflict'));
    await expect(update(eve.id, { email: eve.email.toUpperCase() })).resolves.toBeDefined();
  });

  it('gives the new roles with the next refresh', async () => {
    const ada = await create();
    const { refresh_token } = await service.login(ada.email, password);
    await update(ada.id, { roles: ['admin'] });
    expect(holderOf(await service.ask(identity.refresh, { refresh_token })).roles).toEqual(['admin']);
  });

  it('of the password ends all logins and begins none with the old one', async () => {
    const ada = await create();
    const { refresh_token } = await service.login(ada.email, password);
    await update(ada.id, { password: 'another password' });
    await expect(service.ask(identity.refresh, { refresh_token })).rejects.toMatchObject(refusal('unauthorized'));
    await expect(service.login(ada.email, password)).rejects.toMatchObject(refusal('unauthorized'));
    await expect(service.login(ada.email, 'another password')).resolves.toBeDefined();
  });
});

describe('a deleted user', () => {
  it('is gone: no login, no refresh, not found, not listed', async () => {
    const ada = await create();
    const { refresh_token } = await service.login(ada.email, password);
    await expect(service.ask(identity.deleteUser, { id: ada.id }, own.admin)).resolves.toBeNull();
    await expect(service.ask(identity.refresh, { refresh_token })).rejects.toMatchObject(refusal('unauthorized'));
    await expect(service.login(ada.email, password)).rejects.toMatchObject(refusal('unauthorized'));
    await expect(service.ask(identity.getUser, { id: ada.id }, own.admin)).rejects.toMatchObject(refusal('not_found'));
    await expect(service.ask(identity.deleteUser, { id: ada.id }, own.admin)).rejects.toMatchObject(
      refusal('not_found'),
    );
    const { total } = await service.ask(identity.listUsers, { q: ada.email, page: 1, size: 20 }, own.admin);
    expect(total).toBe(0);
  });

  it('frees the e-mail address', async () => {
    const ada = await create();
    await service.ask(identity.deleteUser, { id: ada.id }, own.admin);
    const next = await create({ email: ada.email });
    expect(next.id).not.toBe(ada.id);
    expect((await loggedIn(next)).principal.userId).toBe(next.id);
  });

  it('is still named to other services', async () => {
    const ada = await create();
    await service.ask(identity.deleteUser, { id: ada.id }, own.admin);
    const found = await service.ask(identity.findUser, { tenantId: own.tenant.id, id: ada.id });
    expect(found).toMatchObject({ id: ada.id, email: ada.email, deleted: true, version: 2 });
    await expect(service.ask(identity.findUser, { tenantId: other.tenant.id, id: ada.id })).rejects.toMatchObject(
      refusal('not_found'),
    );
    const ben = await create();
    const ids = [ada.id, ben.id, randomUUID()];
    const several = await service.ask(identity.findUsers, { tenantId: own.tenant.id, ids });
    expect(Object.fromEntries(several.map(({ id, deleted }) => [id, deleted]))).toEqual({
      [ada.id]: true,
      [ben.id]: false,
    });
    expect(await service.ask(identity.findUsers, { tenantId: other.tenant.id, ids })).toEqual([]);
  });
});

describe('the list of users', () => {
  let home: Awaited<ReturnType<StartedIdentity['tenant']>>;
  const list = (request: { q?: string; page?: number; size?: number }) =>
    service.ask(identity.listUsers, { page: 1, size: 20, ...request }, home.admin);

  beforeAll(async () => {
    home = await service.tenant();
    for (const [firstName, lastName, email] of [
      ['Åse', 'Müller', 'chief@label.example'],
      ['Zoë', 'müller', 'zoe@label.example'],
      ['Ada', 'Lovelace', 'ada_l@label.example'],
      ['Charles', 'Babbage', 'cb@engine.example'],
    ] as const) {
      await create({ firstName, lastName, email }, home);
    }
  });

  it.each([
    ['MULLER', ['Müller', 'müller']],
    ['åse müll', ['Müller']],
    ['engine.EXAMPLE', ['Babbage']],
    ['a_l@', ['Lovelace']],
    ['lovelace ada', []],
    ['%', []],
  ])('finds by part of a name or e-mail address, in any case and without accents: %s', async (q, lastNames) => {
    const { items, total } = await list({ q });
    expect(items.map(({ lastName }) => lastName)).toEqual(lastNames);
    expect(total).toBe(lastNames.length);
  });

  it('goes by last and first name, page by page, with totals over the whole filter', async () => {
    const pages = [await list({ size: 2 }), await list({ size: 2, page: 2 }), await list({ size: 2, page: 3 })];
    expect(pages.flatMap(({ items }) => items.map(({ lastName }) => lastName))).toEqual([
      'Admin',
      'Babbage',
      'Lovelace',
      'Müller',
      'müller',
    ]);
    expect(pages.map(({ total, page, totalPages }) => [total, page, totalPages])).toEqual([
      [5, 1, 3],
      [5, 2, 3],
      [5, 3, 3],
    ]);
    expect(await list({ page: 9 })).toEqual({ items: [], total: 5, page: 9, totalPages: 1 });
  });

  it('shows nobody of another tenant', async () => {
    const { items } = await list({ size: 100 });
    expect(new Set(items.map(({ tenantId }) => tenantId))).toEqual(new Set([home.tenant.id]));
  });
});

describe('the fact that a user changed', () => {
  it('is written with every change, with a growing version', async () => {
    const ada = await create();
    await service.ask(identity.updateUser, { id: ada.id, firstName: 'Ada' }, own.admin);
    await service.ask(identity.deleteUser, { id: ada.id }, own.admin);
    const { email } = ada;
    const told = { id: ada.id, email, lastName: 'Hopper', roles: ['member'] };
    expect((await factsOf(ada.id)).map(({ body }) => body)).toEqual([
      { ...told, firstName: 'Grace', deleted: false, version: 1 },
      { ...told, firstName: 'Ada', deleted: false, version: 2 },
      { ...told, firstName: 'Ada', deleted: true, version: 3 },
    ]);
    expect((await factsOf(ada.id)).every(({ tenant_id }) => tenant_id === own.tenant.id)).toBe(true);
  });

  it('is not written for a change that was refused', async () => {
    const ada = await create();
    await expect(
      service.ask(identity.updateUser, { id: ada.id, roles: ['merchant'] }, own.admin),
    ).rejects.toMatchObject(refusal('unprocessable'));
    expect(await factsOf(ada.id)).toHaveLength(1);
  });
});
