import { describe, expect, it } from '@jest/globals';
import type { Principal } from './call.js';
import { claimsOf, principalOfClaims } from './token.js';

const user: Principal = { tenantId: 1, userId: '7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11', roles: ['member'] };
const machine: Principal = {
  tenantId: 1,
  clientId: 'c1',
  roles: ['provider'],
  resellerId: 'r4',
  clientIds: ['a', 'b'],
};

describe('claims of an access token', () => {
  it.each([
    ['a user', user],
    ['a machine client', machine],
  ])('say whom they were made for: %s', (_, principal) => {
    expect(principalOfClaims({ ...claimsOf(principal) })).toEqual(principal);
  });

  it('always name a client, as RFC 9068 wants', () => {
    expect(claimsOf(user).client_id).toBe('countinghouse');
    expect(claimsOf(machine).client_id).toBe('c1');
  });

  it.each([
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a tenant that is no whole number', { tenant_id: '1' }],
    ['no roles', { roles: [] }],
    ['an unknown role', { roles: ['root'] }],
    ['roles that are one string', { roles: 'admin' }],
    ['a reseller that is no string', { reseller_id: 4 }],
    ['clients that are not strings', { client_ids: [1] }],
  ])('speak of nobody with %s', (_, change) => {
    expect(principalOfClaims({ ...claimsOf(user), ...change })).toBeNull();
  });
});
