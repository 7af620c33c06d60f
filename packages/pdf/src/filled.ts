/** Puts values into the places of a text: `filled('Report {id}', { id: '7' })` is `Report 7`. */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
