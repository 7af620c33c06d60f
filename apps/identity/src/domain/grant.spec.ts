import { describe, expect, it } from '@jest/globals';
import { type Grant, missingBounds } from './grant.js';

const grant = (change: Partial<Grant>): Grant => ({ roles: ['member'], resellerId: null, clientIds: null, ...change });
const resellerId = '1234567890abcdef12345678';
const clientIds = ['7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11'];

describe('a grant', () => {
  it.each([
    ['reseller', ['resellerId']],
    ['reseller_admin', ['resellerId']],
    ['merchant', ['clientIds']],
    ['admin', []],
    ['member', []],
    ['provider', []],
  ])('of the role %s lacks %j when it is bound to nothing', (role, fields) => {
    expect(missingBounds(grant({ roles: [role] })).map(({ field }) => field)).toEqual(fields);
  });

  it('names every field that its roles lack', () => {
    expect(missingBounds(grant({ roles: ['merchant', 'reseller'] }))).toEqual([
      { field: 'resellerId', message: 'resellerId is needed with the role reseller' },
      { field: 'clientIds', message: 'clientIds is needed with the role merchant' },
    ]);
  });

  it('lacks nothing when its roles are bound', () => {
    expect(missingBounds(grant({ roles: ['merchant', 'reseller'], resellerId, clientIds }))).toEqual([]);
  });

  it('may keep the bound of a role that was taken away', () => {
    expect(missingBounds(grant({ roles: ['member'], resellerId, clientIds }))).toEqual([]);
  });
});
