import { columnsNamed } from '@countinghouse/tabular';
import { type ColumnNames, type Field, fields, type Layout } from '../layouts/layout.js';
import { StatementFailure } from './statement-failure.js';

/** Where a field's text comes from: a column of the file, counted from 0, or the same text for every line. */
export type Source = { readonly column: number } | { readonly constant: string };

/** How one file's columns fill the fields of its layout. */
export interface FileColumns {
  layout: Layout;
  header: readonly string[];
  sources: Readonly<Record<Field, Source>>;
  /** Columns of numbers, those of the amounts among them. */
  numbers: readonly number[];
}

/** The first layout whose required columns the header has; throws what is missing from the nearest one. */
export function columnsOf(header: readonly string[], layouts: readonly Layout[]): FileColumns {
  const attempts = layouts.map((layout) => ({ layout, missing: missingColumns(header, layout) }));
  const nearest = attempts.reduce((best, attempt) => (attempt.missing.length < best.missing.length ? attempt : best));
  if (nearest.missing.length > 0) throw new StatementFailure(missingMessage(header, nearest.missing));
  const { layout } = nearest;
  const entries = fields.map((field) => [field, sourceOf(header, layout, field)] as const);
  const sources = Object.fromEntries(entries) as Record<Field, Source>;
  const numbers = [sources.quantity, sources.net].flatMap((source) => ('column' in source ? [source.column] : []));
  const further = (layout.alsoNumbers ?? []).flatMap((name) => columnsNamed(header, name));
  return { layout, header, sources, numbers: [...new Set([...numbers, ...further])] };
}

const namesOf = (names: ColumnNames): readonly string[] => (typeof names === 'string' ? [names] : names);

const columnNames = (layout: Layout, field: Field): readonly string[] => {
  const from = layout.columns[field];
  return from === undefined || (typeof from === 'object' && 'constant' in from) ? [] : namesOf(from);
};

function missingColumns(header: readonly string[], layout: Layout): string[] {
  const missing = fields
    .filter((field) => !layout.optional?.includes(field))
    .map((field) => columnNames(layout, field))
    .filter((names) => names.length > 0 && !names.some((name) => columnsNamed(header, name).length > 0))
    .map((names) => names.join(' or '));
  return [...new Set(missing)];
}

function sourceOf(header: readonly string[], layout: Layout, field: Field): Source {
  const from = layout.columns[field];
  if (typeof from === 'object' && 'constant' in from) return from;
  const found = columnNames(layout, field).flatMap((name) => columnsNamed(header, name));
  if (found.length > 1) {
    const twice = found.map((at) => `"${header[at]}" (column ${at + 1})`).join(' and ');
    throw new StatementFailure(`Two columns could hold the ${field}: ${twice}; remove one`);
  }
  return found.length === 0 ? { constant: '' } : { column: found[0]! };
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const missingMessage = (header: readonly string[], missing: readonly string[]): string =>
  `The file has no column ${quoted(missing)}; it has ${quoted(header)}`;
