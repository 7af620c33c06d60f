import { argon2Sync } from 'node:crypto';
import { DomainError } from '@countinghouse/contracts';
import { describe, expect, it } from '@jest/globals';
import { Passwords } from './passwords.js';

const passwords = new Passwords();
const cheap = { memoryKiB: 64, passes: 1, lanes: 1 };

describe('a password', () => {
  it('is kept as argon2id at the cost OWASP recommends, readable by any other implementation', async () => {
    const stored = await passwords.hash('correct horse battery');
    const [, name, version, cost, salt = '', hash = ''] = stored.split('$');
    expect([name, version, cost]).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1']);
    expect(hash).toBe(
      argon2Sync('argon2id', {
        message: 'correct horse battery',
        nonce: Buffer.from(salt, 'base64'),
        memory: 19_456,
        passes: 2,
        parallelism: 1,
        tagLength: 32,
      })
        .toString('base64')
        .replaceAll('=', ''),
    );
  });

  it('fits what it was made from and nothing else', async () => {
    const stored = await passwords.hash('correct horse battery');
    expect(await passwords.fits('correct horse battery', stored)).toBe(true);
    expect(await passwords.fits('Correct horse battery', stored)).toBe(false);
    expect(await passwords.fits('', stored)).toBe(false);
  });

  it('has another salt each time', async () => {
    expect(await passwords.hash('correct horse battery')).not.toBe(await passwords.hash('correct horse battery'));
  });

  it('fits however the keyboard writes its accents', async () => {
    expect(await passwords.fits('cafe\u0301 au lait', await passwords.hash('caf\u00e9 au lait'))).toBe(true);
  });

  it('made at a lower cost still fits, and is known to be outdated', async () => {
    const stored = await new Passwords(cheap).hash('correct horse battery');
    expect(await passwords.fits('correct horse battery', stored)).toBe(true);
    expect(passwords.isOutdated(stored)).toBe(true);
    expect(passwords.isOutdated(await passwords.hash('correct horse battery'))).toBe(false);
  });

  it('of nobody fits nothing', async () => {
    expect(await passwords.fits('', null)).toBe(false);
    expect(await passwords.fits('correct horse battery', null)).toBe(false);
  });
});

describe('many logins at once', () => {
  it('are checked in turn, and those beyond what can be answered in time are turned away', async () => {
    const busy = new Passwords(cheap);
    const stored = await busy.hash('correct horse battery');
    const results = await Promise.allSettled(
      Array.from({ length: 110 }, () => busy.fits('correct horse battery', stored)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(7);
    expect(refused.every(({ reason }) => (reason as DomainError).reply.code === 'unavailable')).toBe(true);
    expect(results.filter((result) => result.status === 'fulfilled' && result.value)).toHaveLength(103);
    expect(await busy.fits('correct horse battery', stored)).toBe(true);
  });
});
