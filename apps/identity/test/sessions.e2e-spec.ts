import { identity } from '@countinghouse/contracts';
import { eventually } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Passwords } from '../src/keys/passwords.js';
import { holderOf, newEmail, newTenant, password, refusal, StartedIdentity } from './started-identity.js';

let service: StartedIdentity;

beforeAll(async () => {
  service = await StartedIdentity.start();
}, 120_000);
afterAll(() => service?.stop());

const refresh = (refresh_token: string) => service.ask(identity.refresh, { refresh_token });

/** Lets time pass for all logins. */
const later = (interval: string) =>
  service.sql(
    `UPDATE refresh_family SET rotated_at = rotated_at - $1::interval, expires_at = expires_at - $1::interval`,
    [interval],
  );

describe('logging in', () => {
  it('gives tokens that the published keys verify and that say who it is', async () => {
    const { tenant, admin, email } = await service.tenant();
    const tokens = await service.login(email, password);
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 900 });
    const { keys } = await service.ask(identity.keys, {});
    const { payload } = await jwtVerify(tokens.access_token, createLocalJWKSet({ keys }), {
      issuer: 'countinghouse',
      audience: 'countinghouse',
      typ: 'at+jwt',
    });
    expect(payload).toMatchObject({ sub: admin.principal?.userId, tenant_id: tenant.id, roles: ['admin'] });
  });

  it('knows the e-mail address in any case', async () => {
    const { email } = await service.tenant();
    await expect(service.login(email.toUpperCase(), password)).resolves.toBeDefined();
  });

  it('answers a wrong password and an unknown e-mail address alike', async () => {
    const { email } = await service.tenant();
    const invalid = refusal('unauthorized', { message: 'Invalid credentials' });
    await expect(service.login(email, `${password}!`)).rejects.toMatchObject(invalid);
    await expect(service.login(newEmail(), password)).rejects.toMatchObject(invalid);
  });

  it('asks for the tenant only when e-mail and password fit several', async () => {
    const admin = { ...newTenant().admin };
    const one = await service.tenant({ admin });
    const other = await service.tenant({ admin });
    const third = await service.tenant({ admin: { ...admin, password: 'another password' } });
    await expect(service.login(admin.email, password)).rejects.toMatchObject(
      refusal('conflict', {
        details: [{ field: 'tenantId', message: `tenantId is needed: one of ${one.tenant.id}, ${other.tenant.id}` }],
      }),
    );
    const chosen = { email: admin.email, password, tenantId: other.tenant.id };
    expect(holderOf(await service.ask(identity.login, chosen)).tenantId).toBe(other.tenant.id);
    expect(holderOf(await service.login(admin.email, 'another password')).tenantId).toBe(third.tenant.id);
    await expect(service.ask(identity.login, { ...chosen, tenantId: third.tenant.id })).rejects.toMatchObject(
      refusal('unauthorized'),
    );
  });

  it('begins no session with a password that is being changed at that moment', async () => {
    const { email } = await service.tenant();
    await service.sql('BEGIN');
    await service.sql(`UPDATE app_user SET password_hash = 'another one' WHERE email = $1`, [email]);
    const login = service.login(email, password);
    await eventually(async () => {
      const waiting = await service.sql(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      expect(waiting).toHaveLength(1);
    });
    await service.sql('COMMIT');
    await expect(login).rejects.toMatchObject(refusal('unauthorized'));
  });

  it('hashes a password again that was hashed at a lower cost', async () => {
    const { email } = await service.tenant();
    const weaker = await new Passwords({ memoryKiB: 64, passes: 1, lanes: 1 }).hash(password);
    await service.sql('UPDATE app_user SET password_hash = $1 WHERE email = $2', [weaker, email]);
    await service.login(email, password);
    const [user] = await service.sql<{ hash: string; version: number }>(
      'SELECT password_hash AS hash, version FROM app_user WHERE email = $1',
      [email],
    );
    expect(user?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(user?.version).toBe(1);
    await expect(service.login(email, password)).resolves.toBeDefined();
  });
});

describe('failing to log in', () => {
  const fail = (email: string, address?: string) =>
    service.login(email, 'a wrong password', address ? { address } : {});
  const tooMany = refusal('too_many_requests', { message: 'Too many requests, try again later' });
  const waitASecond = () => service.sql(`UPDATE login_failure SET failed_at = failed_at - interval '1 second'`);

  it('ten times in a minute closes an account to everybody, until the first failure is a minute ago', async () => {
    const { email } = await service.tenant();
    for (let failure = 1; failure <= 10; failure++) {
      await expect(fail(email.toUpperCase(), `address ${failure}`)).rejects.toMatchObject(refusal('unauthorized'));
      await waitASecond();
    }
    await expect(fail(email)).rejects.toMatchObject(tooMany);
    const refused = await service.login(email, password).catch((error: unknown) => error);
    expect(refused).toMatchObject(tooMany);
    const { retryAfterSeconds = 0 } = (refused as { reply: { retryAfterSeconds?: number } }).reply;
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(50);
    await service.sql(`UPDATE login_failure SET failed_at = failed_at - interval '1 second' * $1`, [retryAfterSeconds]);
    await expect(service.login(email, password)).resolves.toBeDefined();
  });

  it('closes an account that does not exist just the same', async () => {
    const email = newEmail();
    for (let failure = 1; failure <= 10; failure++) await fail(email).catch(() => {});
    await expect(fail(email)).rejects.toMatchObject(tooMany);
  });

  it('closes an address, whichever accounts were tried', async () => {
    const { email } = await service.tenant();
    for (let failure = 1; failure <= 10; failure++) await fail(newEmail(), 'address 192.0.2.1').catch(() => {});
    await expect(service.login(email, password, { address: 'address 192.0.2.1' })).rejects.toMatchObject(tooMany);
    await expect(service.login(email, password, { address: 'address 192.0.2.2' })).resolves.toBeDefined();
  });

  it('is counted too when it is done all at once', async () => {
    const email = newEmail();
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => fail(email)));
    const codes = results.map((result) => (result.status === 'rejected' ? result.reason.reply.code : 'ok'));
    expect(new Set(codes)).toEqual(new Set(['unauthorized', 'too_many_requests']));
    expect(codes.filter((code) => code === 'unauthorized').length).toBeLessThan(20);
    expect(codes.filter((code) => code === 'unauthorized').length).toBeGreaterThanOrEqual(10);
  });

  it('leaves no e-mail address and no network address behind', async () => {
    const email = newEmail();
    await fail(email, 'address 192.0.2.77').catch(() => {});
    const dump = JSON.stringify(await service.sql(`SELECT encode(subject, 'escape') AS subject FROM login_failure`));
    expect(dump).not.toContain(email.split('@')[0]);
    expect(dump).not.toContain('192.0.2.77');
  });

  it('is forgotten after a minute', async () => {
    await fail(newEmail()).catch(() => {});
    await service.sql(`UPDATE login_failure SET failed_at = failed_at - interval '1 minute'`);
    await fail(newEmail()).catch(() => {});
    const [row] = await service.sql<{ count: string }>('SELECT count(*) FROM login_failure');
    expect(Number(row?.count)).toBe(1);
  });
});

describe('refreshing', () => {
  it('spends the token and gives a new pair', async () => {
    const { email, admin } = await service.tenant();
    const first = await service.login(email, password);
    const second = await refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(holderOf(second)).toEqual(admin.principal);
    await expect(refresh(second.refresh_token)).resolves.toBeDefined();
  });

  it('gives the same successor again for 30 seconds', async () => {
    const { email } = await service.tenant();
    const { refresh_token } = await service.login(email, password);
    const successor = await refresh(refresh_token);
    await later('29 seconds');
    expect((await refresh(refresh_token)).refresh_token).toBe(successor.refresh_token);
  });

  it('gives one successor to many who ask at once', async () => {
    const { email } = await service.tenant();
    const { refresh_token } = await service.login(email, password);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    await expect(refresh(answers[0]!.refresh_token)).resolves.toBeDefined();
  });

  it('ends the login when a spent token comes back after its grace', async () => {
    const { email } = await service.tenant();
    const { refresh_token } = await service.login(email, password);
    const successor = await refresh(refresh_token);
    await later('31 seconds');
    await expect(refresh(refresh_token)).rejects.toMatchObject(
      refusal('unauthorized', { message: 'Invalid credentials' }),
    );
    await expect(refresh(successor.refresh_token)).rejects.toMatchObject(refusal('unauthorized'));
  });

  it('ends the login at once when an older token than the last one comes back, and no other login', async () => {
    const { email } = await service.tenant();
    const other = await service.login(email, password);
    const { refresh_token } = await service.login(email, password);
    const third = await refresh((await refresh(refresh_token)).refresh_token);
    await expect(refresh(refresh_token)).rejects.toMatchObject(refusal('unauthorized'));
    await expect(refresh(third.refresh_token)).rejects.toMatchObject(refusal('unauthorized'));
    await expect(refresh(other.refresh_token)).resolves.toBeDefined();
  });

  it('ends 30 days after the login, however often it was refreshed', async () => {
    const { email } = await service.tenant();
    const first = await service.login(email, password);
    await later('29 days');
    const second = await refresh(first.refresh_token);
    await later('1 day');
    await expect(refresh(second.refresh_token)).rejects.toMatchObject(refusal('unauthorized'));
  });

  it.each(['', 'not a token', `1.7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11.1.${'A'.repeat(43)}`])(
    'refuses what is no token of ours: %j',
    async (refresh_token) => {
      const code = refresh_token === '' ? 'bad_request' : 'unauthorized';
      await expect(refresh(refresh_token)).rejects.toMatchObject(refusal(code));
    },
  );

  it('keeps nothing that a thief of the database could log in with', async () => {
    const { email } = await service.tenant();
    const { refresh_token } = await service.login(email, password);
    const dump = JSON.stringify(await service.sql('SELECT * FROM refresh_family'));
    expect(dump).not.toContain(refresh_token.split('.')[3]);
  });
});

describe('logging out', () => {
  it('ends the login, also with a spent token', async () => {
    const { email } = await service.tenant();
    const { refresh_token } = await service.login(email, password);
    const successor = await refresh(refresh_token);
    await expect(service.ask(identity.logout, { refresh_token })).resolves.toBeNull();
    await expect(refresh(successor.refresh_token)).rejects.toMatchObject(refusal('unauthorized'));
  });

  it('twice, or with a token that is none, is done too', async () => {
    const { email } = await service.tenant();
    const { refresh_token } = await service.login(email, password);
    await service.ask(identity.logout, { refresh_token });
    await expect(service.ask(identity.logout, { refresh_token })).resolves.toBeNull();
    await expect(service.ask(identity.logout, { refresh_token: 'not a token' })).resolves.toBeNull();
  });
});
