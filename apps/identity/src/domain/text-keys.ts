/**
 * The form of an e-mail address in which two are the same account: without case, and with letters that have several
 * Unicode spellings written one way.
 */
export const emailKey = (email: string): string => email.normalize('NFKC').toLowerCase();

/** The form in which text is searched: without case and accents. `Åse Müller` as `ase muller`. */
export const searchKey = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
