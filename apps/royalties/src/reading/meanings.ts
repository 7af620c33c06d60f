import { cellText } from '../domain/cell-text.js';
import { labelKey } from '../domain/matching-key.js';
import type { Database } from '../engine/duckdb.js';
import { type Field, itemFields, type Layout, saleFields } from '../layouts/layout.js';
import { type CellReader, usageReader } from './cell-readers.js';

interface Meaning {
  /** Column of the finished table. */
  name: string;
  /** Column of texts that it is read from. */
  field: Field;
  read: CellReader;
  /** Where only a text with white space around it, an entity or a letter beyond ASCII can mean other than itself. */
  isText: boolean;
}

/**
 * What the texts of a file mean, each distinct one read once: tables `items` and `sales` number the combinations of
 * `seenItems` and `seenSales` whose every text means something, and have the values in place of the texts.
 */
export async function readMeanings(
  database: Database,
  layout: Layout,
  readers: Readonly<Record<Field, CellReader>>,
): Promise<void> {
  const meaningOf = (field: Field): Meaning => ({ name: field, field, read: readers[field], isText: isText(field) });
  const readLabelKey = (text: string) => ({ value: labelKey(cellText(text)) });
  await giveMeanings(database, 'item', 'seenItems', 'items', [
    ...itemFields.map(meaningOf),
    { name: 'labelKey', field: 'label', read: readLabelKey, isText: false },
  ]);
  await giveMeanings(database, 'sale', 'seenSales', 'sales', [
    ...saleFields.map(meaningOf),
    { name: 'usageType', field: 'salesType', read: usageReader(layout), isText: false },
  ]);
}

const texts: ReadonlySet<Field> = new Set([
  'label',
  'artist',
  'releaseTitle',
  'trackTitle',
  'catalogNumber',
  'store',
  'channelType',
  'salesType',
  'subscriptionType',
]);
const isText = (field: Field): boolean => texts.has(field);

async function giveMeanings(
  database: Database,
  number: string,
  seen: string,
  target: string,
  meanings: readonly Meaning[],
): Promise<void> {
  for (const meaning of meanings) await readTexts(database, seen, meaning);
  const value = ({ name, field, isText }: Meaning) =>
    isText ? `coalesce(${name}.value, ${seen}.${field})` : `${name}.value`;
  await database.run(`
    CREATE TABLE ${target} AS
    SELECT hash, CAST(row_number() OVER (ORDER BY ${[...new Set(meanings.map(({ field }) => `${seen}.${field}`))].join(', ')}) AS INTEGER) AS ${number},
      ${meanings.map((meaning) => `${value(meaning)} AS ${meaning.name}`).join(', ')}
    FROM ${seen}
    ${meanings.map(({ name, field }) => `LEFT JOIN read_${name} AS ${name} ON ${name}.text = ${seen}.${field}`).join('\n')}
    WHERE ${meanings
      .filter(({ isText }) => !isText)
      .map(({ name }) => `${name}.value IS NOT NULL`)
      .join(' AND ')}`);
}

/** Table `read_<name>`: every text that may not mean itself, and its value, NULL when it has none. */
async function readTexts(database: Database, seen: string, { name, field, read, isText }: Meaning): Promise<void> {
  await database.run(`CREATE TABLE read_${name} (text VARCHAR, value VARCHAR)`);
  const only = isText ? `WHERE regexp_matches(${field}, '^\\s|\\s$|&|[^ -~]')` : '';
  for await (const batch of database.batches<[string]>(`SELECT DISTINCT ${field} FROM ${seen} ${only}`)) {
    await database.append(
      `read_${name}`,
      batch.map(([text]) => [text, read(text).value ?? null]),
    );
  }
}
