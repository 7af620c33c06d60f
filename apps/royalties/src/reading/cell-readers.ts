import { type DecimalMark, readNumber } from '@countinghouse/tabular';
import { readGtin, type Reading, readIsrc } from '@countinghouse/catalogue';
import { cellText } from '../domain/cell-text.js';
import { monthReader } from '../domain/month-pattern.js';
import { type Field, fields, type Layout, usageTypes } from '../layouts/layout.js';
import { readCountry } from './countries.js';

export type CellReader = (text: string) => Reading;

/** How the text of each field is read. */
export function cellReaders(layout: Layout, mark: DecimalMark): Record<Field, CellReader> {
  const readMonth = monthReader(layout.months);
  const special: Partial<Record<Field, CellReader>> = {
    upc: readGtin,
    isrc: readIsrc,
    salesMonth: readMonth,
    reportingMonth: layout.columns.reportingMonth === undefined ? readText : readMonth,
    country: (text) => readCountry(cellText(text)),
    currency: readCurrency,
    quantity: (text) => readQuantity(text, mark),
    net: (text) => readNet(text, mark),
  };
  return Object.fromEntries(fields.map((field) => [field, special[field] ?? readText])) as Record<Field, CellReader>;
}

const readText: CellReader = (text) => ({ value: cellText(text) });

const currencies = new Set(Intl.supportedValuesOf('currency'));

function readCurrency(text: string): Reading {
  const code = text.trim().toUpperCase();
  return currencies.has(code) ? { value: code } : { problem: 'is no ISO 4217 currency code' };
}

/** Up to 15 digits before the decimal mark and as many behind it, zeros at the end aside. */
function readNet(text: string, mark: DecimalMark): Reading {
  const value = readNumber(text, mark);
  if (value === null) return { problem: `is no number with a decimal ${mark}` };
  if (!/^-?\d{1,15}(?:\.|$)/.test(value)) return { problem: 'has more than 15 digits before the decimal mark' };
  return /^-?\d+(?:\.\d{1,15}0*)?$/.test(value) ? { value } : { problem: 'has more than 15 decimals' };
}

/** A whole number of up to 15 digits. */
function readQuantity(text: string, mark: DecimalMark): Reading {
  const value = readNumber(text, mark);
  return value !== null && /^-?\d{1,15}(?:\.0+)?$/.test(value) ? { value } : { problem: 'is no whole number' };
}

/** What a text is a use of, by the layout; case does not matter. */
export function usageReader({ usage, usageOtherwise = 'other' }: Layout): CellReader {
  const types = new Map(usageTypes.flatMap((type) => (usage[type] ?? []).map((name) => [name.toLowerCase(), type])));
  return (text) => ({ value: types.get(cellText(text).toLowerCase()) ?? usageOtherwise });
}
