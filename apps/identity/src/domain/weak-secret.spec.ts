import { describe, expect, it } from '@jest/globals';
import { isGuessable } from './weak-secret.js';

describe('a secret', () => {
  it.each([
    'password',
    'Password123!',
    'changeme-2026!',
    'change-me-change-me-change-me',
    'admin12345',
    'countinghouse',
    'postgres-secret-1',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    '12345678901234567890',
    'qwerty12345',
  ])('that is %s is guessable', (secret) => {
    expect(isGuessable(secret)).toBe(true);
  });

  it.each(['correct horse battery', '8472-1937-5512', 'password is not the only word here', 'qL7vYt0m1nQwC2rS'])(
    'that is %s is not',
    (secret) => {
      expect(isGuessable(secret)).toBe(false);
    },
  );
});
