import { expect, it } from '@jest/globals';
import { sharesProblem } from './shares.js';

const of = (...shares: string[]) => shares.map((share, at) => ({ userId: `u${at}`, share }));

it.each([[of('100')], [of('33.3333', '33.3333', '33.3334')], [of('0.0001', '99.9999')]])('%j are all of it', (shares) =>
  expect(sharesProblem(shares)).toBeNull(),
);

it.each([[of('33.33', '33.33', '33.33')], [of('60', '40.0001')], [[]]])('%j are not', (shares) =>
  expect(sharesProblem(shares)).toBe('Split shares must total 100%'),
);

it('a user has one share, however the id is written', () => {
  const twice = [
    { userId: 'AB', share: '50' },
    { userId: 'ab', share: '50' },
  ];
  expect(sharesProblem(twice)).toBe('User ab has two shares; add them up');
});
