import { describe, expect, it } from '@jest/globals';
import { clientCredentials } from './client-credentials.js';

const grant = { grant_type: 'client_credentials' };
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('who asks for a token of a machine', () => {
  it('names itself in the form', () => {
    const form = { ...grant, client_id: 'c1', client_secret: 's' };
    expect({ ...clientCredentials(form, undefined) }).toEqual(form);
  });

  it.each([
    ['c1:s', 'c1', 's'],
    ['c1:a:b', 'c1', 'a:b'],
    ['a%20b:s%2Bt+u', 'a b', 's+t u'],
  ])('names itself with HTTP Basic, here as %s', (text, client_id, client_secret) => {
    expect({ ...clientCredentials(grant, basic(text)) }).toEqual({ ...grant, client_id, client_secret });
  });

  it('does not name itself twice', () => {
    expect(() => clientCredentials({ ...grant, client_id: 'c2' }, basic('c1:s'))).toThrow('not in both');
  });

  it.each([basic('c1'), basic(':s'), basic('c1:'), basic('%:s'), 'Basic', 'Bearer a.b.c'])(
    'is nobody with the header %s',
    (header) => {
      expect(() => clientCredentials(grant, header)).toThrow('Invalid credentials');
    },
  );

  it.each([
    ['no grant', { client_id: 'c1', client_secret: 's' }, 'grant_type must be client_credentials'],
    ['another grant', { grant_type: 'password', client_id: 'c1', client_secret: 's' }, 'grant_type must be'],
    ['no secret', { ...grant, client_id: 'c1' }, 'client_secret must be'],
    ['two secrets', { ...grant, client_id: 'c1', client_secret: ['a', 'b'] }, 'client_secret must be'],
    [
      'a field nobody knows',
      { ...grant, client_id: 'c1', client_secret: 's', scope: 'all' },
      'scope is not a known field',
    ],
  ])('is refused with %s', (_, form, complaint) => {
    expect(() => clientCredentials(form, undefined)).toThrow(complaint);
  });
});
