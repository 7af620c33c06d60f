/** What a cell's text means: a value, or why it means nothing, as the end of a sentence that begins with the text. */
export type Reading = { value: string; problem?: undefined } | { value?: undefined; problem: string };
