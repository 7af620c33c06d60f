import { columnsNamed } from '@countinghouse/tabular';
import { type ColumnNames, type Field, type FieldOrigin, fields, type Layout } from '../layouts/layout.js';
import type { Source } from './source.js';
import { StatementFailure } from './statement-failure.js';

/** How one file's columns fill the fields of its layout. */
export interface FileColumns {
  layout: Layout;
  header: readonly string[];
  sources: Readonly<Record<Field, Source>>;
  /** Columns of numbers, those of the amounts among them. */
  numbers: readonly number[];
}

/**
 * The first layout whose required columns the header has; throws what is missing from the nearest one. `currency` is
 * that of a file that does not tell it.
 */
export function columnsOf(header: readonly string[], layouts: readonly Layout[], currency?: string): FileColumns {
  const attempts = layouts.map((layout) => ({ layout, missing: missingColumns(header, layout) }));
  const nearest = attempts.reduce((best, attempt) => (attempt.missing.length < best.missing.length ? attempt : best));
  if (nearest.missing.length > 0) throw new StatementFailure(missingMessage(header, nearest.missing));
  const { layout } = nearest;
  const entries = fields.map((field) => [field, sourceOf(header, layout, field)] as const);
  const sources = Object.fromEntries(entries) as Record<Field, Source>;
  const isToldByFile = !('constant' in sources.currency) || sources.currency.constant !== '';
  if (!isToldByFile) sources.currency = { constant: toldCurrency(layout, currency) };
  const numbers = [...amountColumns(sources.quantity), ...amountColumns(sources.net)];
  const further = (layout.alsoNumbers ?? []).flatMap((name) => columnsNamed(header, name));
  return { layout, header, sources, numbers: [...new Set([...numbers, ...further])] };
}

function toldCurrency({ defaultCurrency }: Layout, currency = defaultCurrency): string {
  if (currency) return currency;
  throw new StatementFailure('The file does not tell its currency; say with currency= which it is');
}

const amountColumns = (source: Source): readonly number[] => {
  if ('constant' in source) return [];
  return 'when' in source ? [source.take, source.otherwise] : source.columns;
};

function missingColumns(header: readonly string[], layout: Layout): string[] {
  const missing = fields
    .filter((field) => !layout.optional?.includes(field))
    .flatMap((field) => neededColumns(layout.columns[field]))
    .filter((names) => !names.some((name) => columnsNamed(header, name).length > 0))
    .map((names) => names.join(' or '));
  return [...new Set(missing)];
}

const namesOf = (names: ColumnNames): readonly string[] => (typeof names === 'string' ? [names] : names);

/** What each column may be called that a field comes from. Of several columns of which the first counts, one is enough. */
function neededColumns(origin: FieldOrigin | undefined): (readonly string[])[] {
  if (origin === undefined) return [];
  if (typeof origin === 'string') return [[origin]];
  if ('constant' in origin) return [];
  if ('firstOf' in origin) return [origin.firstOf.flatMap(namesOf)];
  if ('when' in origin) return [origin.when, origin.take, origin.otherwise].map(namesOf);
  if ('firstDay' in origin) return [origin.firstDay, origin.lastDay].map(namesOf);
  return [origin];
}

function sourceOf(header: readonly string[], { columns }: Layout, field: Field): Source {
  const at = (names: ColumnNames): number[] => columnAt(header, names, field);
  const origin = columns[field];
  if (origin === undefined) return { constant: '' };
  if (typeof origin === 'object' && 'constant' in origin) return origin;
  if (typeof origin === 'object' && 'when' in origin) {
    const [when, take, otherwise] = [origin.when, origin.take, origin.otherwise].flatMap(at);
    return otherwise === undefined ? { constant: '' } : { when: when!, is: origin.is, take: take!, otherwise };
  }
  if (typeof origin === 'object' && 'firstDay' in origin) {
    const [first, last] = [origin.firstDay, origin.lastDay].flatMap(at);
    return last === undefined ? { constant: '' } : { columns: [first!, last], join: 'period' };
  }
  const found = (typeof origin === 'object' && 'firstOf' in origin ? origin.firstOf : [origin]).flatMap(at);
  return found.length === 0 ? { constant: '' } : { columns: found, join: 'first' };
}

/** Where the column of one of these names is, if anywhere; throws when there are two of them. */
function columnAt(header: readonly string[], names: ColumnNames, field: Field): number[] {
  const found = namesOf(names).flatMap((name) => columnsNamed(header, name));
  if (found.length <= 1) return found;
  const twice = found.map((at) => `"${header[at]}" (column ${at + 1})`).join(' and ');
  throw new StatementFailure(`Two columns could hold the ${field}: ${twice}; remove one`);
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const missingMessage = (header: readonly string[], missing: readonly string[]): string =>
  `The file has no column ${quoted(missing)}; it has ${quoted(header)}`;
