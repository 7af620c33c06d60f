import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Secrets } from '../keys/secrets.js';
import { RefreshTokens } from './refresh-tokens.js';

const tokens = new RefreshTokens(new Secrets(randomBytes(32)));
const id = { tenantId: 7, familyId: randomUUID(), generation: 3 };
const token = tokens.write(id);

describe('a refresh token', () => {
  it('names its login and generation', () => {
    expect(tokens.read(token)).toEqual(id);
  });

  it('is the same whenever it is written, so that a successor can be given again', () => {
    expect(tokens.write(id)).toBe(token);
  });

  it('of one generation says nothing of the next', () => {
    const next = tokens.write({ ...id, generation: 4 });
    expect(next.split('.')[3]).not.toBe(token.split('.')[3]);
  });

  it.each([
    ['nothing', ''],
    ['words', 'not a token'],
    ['another tenant', token.replace(/^7/, '8')],
    ['another generation', token.replace('.3.', '.4.')],
    ['another spelling of its generation', token.replace('.3.', '.03.')],
    ['another login', token.replace(id.familyId, randomUUID())],
    ['no MAC', token.slice(0, -43)],
    ['a MAC of zeros', `${token.slice(0, -43)}${'A'.repeat(43)}`],
    ['more behind it', `${token}x`],
    ['a line break behind it', `${token}\n`],
  ])('with %s is not ours', (_, forged) => {
    expect(tokens.read(forged)).toBeNull();
  });

  it('made under another key is not ours', () => {
    expect(new RefreshTokens(new Secrets(randomBytes(32))).read(token)).toBeNull();
  });
});
