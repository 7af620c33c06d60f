import { labelKey } from '@countinghouse/catalogue';
import type { Database } from '@countinghouse/duckdb';
import { cellText } from '../domain/cell-text.js';
import { type Field, itemFields, saleFields } from '../layouts/layout.js';
import { type CellReader, usageReader } from './cell-readers.js';
import { textOf } from './statement.sql.js';
import type { StatementText } from './statement-text.js';

interface Meaning {
  /** Column of the finished table. */
  name: string;
  /** Where its texts are. */
  field: Field;
  read: CellReader;
}

/**
 * What the texts of a file mean, each distinct one read once: tables `items` and `sales` number the combinations of
 * `seenItems` and `seenSales` whose every text means something, and have the values in place of the texts.
 */
export async function readMeanings(
  database: Database,
  text: StatementText,
  readers: Readonly<Record<Field, CellReader>>,
): Promise<void> {
  const meaningOf = (field: Field): Meaning => ({ name: field, field, read: readers[field] });
  await giveMeanings(database, text, 'item', [
    ...itemFields.map(meaningOf),
    { name: 'labelKey', field: 'label', read: (label) => ({ value: labelKey(cellText(label)) }) },
  ]);
  await giveMeanings(database, text, 'sale', [
    ...saleFields.map(meaningOf),
    { name: 'usageType', field: text.layout.usageBy ?? 'salesType', read: usageReader(text.layout) },
  ]);
}

const asciiText = "([!-%''-~]([ -%''-~]*[!-%''-~])?)?";

/** Texts that mean themselves and so need not be read: without entities and space around them; ISRCs as they should be. */
const ordinary: { readonly [name: string]: string } = {
  label: asciiText,
  artist: asciiText,
  releaseTitle: asciiText,
  trackTitle: asciiText,
  catalogNumber: asciiText,
  isrc: '([A-Z]{2}[A-Z0-9]{3}[0-9]{7})?',
};

async function giveMeanings(
  database: Database,
  text: StatementText,
  kind: 'item' | 'sale',
  meanings: readonly Meaning[],
): Promise<void> {
  const seen = kind === 'item' ? 'seenItems' : 'seenSales';
  const values: string[] = [];
  const joins: string[] = [];
  for (const { name, field, read } of meanings) {
    const cell = textOf(text, field);
    const isOrdinary = name in ordinary ? `regexp_full_match(${cell}, '${ordinary[name]}')` : 'false';
    await readTexts(database, `SELECT DISTINCT '|' || ${cell} FROM ${seen} WHERE NOT ${isOrdinary}`, name, read);
    values.push(`if(${isOrdinary}, ${cell}, ${name}.value) AS ${name}`);
    joins.push(`LEFT JOIN read_${name} AS ${name} ON ${name}.text = ${cell}`);
  }
  const names = meanings.map(({ name }) => name);
  await database.run(`
    CREATE TABLE ${kind}s AS
    WITH meant AS (SELECT ${values.join(', ')}, ${kind}Hash FROM ${seen} ${joins.join(' ')})
    SELECT CAST(row_number() OVER (ORDER BY ${names.join(', ')}, ${kind}Hash) AS INTEGER) AS ${kind}, meant.*
    FROM meant
    WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}`);
}

/**
 * Table `read_<name>`: the texts with their values, NULL where they mean nothing. Each text comes with a character in
 * front, because a byte order mark at the beginning of a result is lost.
 */
async function readTexts(database: Database, texts: string, name: string, read: CellReader): Promise<void> {
  await database.run(`CREATE TABLE read_${name} (text VARCHAR, value VARCHAR)`);
  for await (const batch of database.batches<[string]>(texts)) {
    const found = batch.map(([marked]) => marked.slice(1));
    await database.append(
      `read_${name}`,
      found.map((text) => [text, read(text).value ?? null]),
    );
  }
}
