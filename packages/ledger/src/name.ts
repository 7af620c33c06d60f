/**
 * Whether a text can name something for good: 1 to `maxLength` characters, none of them a control character. Ids of other
 * systems come in any form, but the database cannot tell apart texts that are not proper Unicode.
 */
export const isName = (text: string, maxLength: number): boolean =>
  text.length > 0 && text.length <= maxLength && text.isWellFormed() && !/\p{Cc}/u.test(text);
