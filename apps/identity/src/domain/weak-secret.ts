/** What people leave in example files or type first. Longer ones come before their own parts. */
const guessable = `
  administrator countinghouse changethis change-me change_me placeholder development
  1234567890 0123456789 changeme password passw0rd postgres whatever 87654321
  default example letmein welcome qwertz qwerty secret admin local demo test
  root user pass abcdef 123456 654321 12345 1234 abcd 123 abc dev key`
  .trim()
  .split(/\s+/);

const leastDistinctCharacters = 6;

/**
 * Whether a secret is a default, or close to one: without the words everybody tries first, fewer than 6 distinct
 * characters remain. `changeme-2026!` is weak, `correct horse battery` is not.
 */
export const isGuessable = (secret: string): boolean => {
  const rest = guessable.reduce((text, word) => text.replaceAll(word, ''), secret.toLowerCase());
  return new Set(rest).size < leastDistinctCharacters;
};
