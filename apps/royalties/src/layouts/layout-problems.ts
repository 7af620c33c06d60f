import { columnKey } from '@countinghouse/tabular';
import { z } from 'zod';
import { monthPatternProblem } from '../domain/month-pattern.js';
import { cellReaders } from '../reading/cell-readers.js';
import {
  type ColumnNames,
  type Field,
  type FieldOrigin,
  fields,
  type Layout,
  saleFields,
  usageTypes,
} from './layout.js';

/** What is wrong with a layout: the place, such as `columns.net`, and why, with what would be right. */
export interface LayoutProblem {
  field: string;
  message: string;
}

/** Nothing in a layout is longer: a column's name, a text, a list. */
const longestText = 200;
const longestList = 500;

const text = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(longestText, `must not be longer than ${longestText} characters`)
  .refine((value) => !/\p{Cc}/u.test(value) && value.isWellFormed(), 'must not have control characters');
const column = text.refine((name) => columnKey(name) !== '', 'must be the name of a column');
const columns = z.union([column, z.array(column).min(1).max(20)]);

const list = <T extends z.ZodType>(item: T) =>
  z.array(item, 'must be a list').max(longestList, `must not have more than ${longestList} items`);

const origin = z.union(
  [
    columns,
    z.strictObject({ constant: text }),
    z.strictObject({ firstOf: z.array(columns).min(2).max(20) }),
    z.strictObject({ when: columns, is: text, take: columns, otherwise: columns }),
    z.strictObject({ firstDay: columns, lastDay: columns }),
  ],
  {
    error:
      'must be the name of a column of up to 200 characters, a list of names it may have, {"constant": "…"}, ' +
      '{"firstOf": ["…", "…"]}, {"when": "…", "is": "…", "take": "…", "otherwise": "…"} or {"firstDay": "…", "lastDay": "…"}',
  },
);

const field = z.enum(fields, `must be one of ${fields.join(', ')}`);

const monthPattern = text.superRefine((pattern, context) => {
  const problem = monthPatternProblem(pattern);
  if (problem) context.addIssue({ code: 'custom', message: problem });
});

const layoutSchema = z.strictObject({
  records: z.enum(['ddex-sales-report'], 'must be "ddex-sales-report"').optional(),
  delimiter: z.enum([';', ',', '\t'], 'must be ";", "," or a tab').optional(),
  decimal: z.enum(['point', 'comma'], 'must be "point" or "comma"').optional(),
  skipLines: z
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .max(1000, 'must not exceed 1000')
    .optional(),
  trailers: list(text).optional(),
  months: list(monthPattern).min(1, 'must have a pattern such as YYYY-MM-DD'),
  columns: z.strictObject(
    Object.fromEntries(fields.map((name) => [name, origin.optional()])) as Record<Field, z.ZodOptional<typeof origin>>,
    { error: ({ code }) => (code === 'unrecognized_keys' ? undefined : 'must be an object of fields') },
  ),
  defaultCurrency: text.optional(),
  optional: list(field).optional(),
  alsoNumbers: list(column).optional(),
  usageBy: z.enum(saleFields, `must be one of ${saleFields.join(', ')}`).optional(),
  usage: z.strictObject(
    { stream: list(text).optional(), download: list(text).optional(), physical: list(text).optional() },
    {
      error: ({ code }) =>
        code === 'unrecognized_keys' ? undefined : 'must be an object of stream, download and physical',
    },
  ),
  usageOtherwise: z.enum([...usageTypes, 'other'], `must be one of ${[...usageTypes, 'other'].join(', ')}`).optional(),
});

/**
 * What is wrong with something that should be a `Layout`; nothing when files can be read by it. It is safe to read files
 * by a layout of anybody's that has passed.
 */
export function layoutProblems(layout: unknown): LayoutProblem[] {
  const { error, data } = layoutSchema.safeParse(layout);
  if (error) return error.issues.flatMap(problemsOf);
  return [
    ...missingFields(data),
    ...wrongReferences(data),
    ...wrongPeriods(data),
    ...wrongConstants(data),
    ...wrongUsage(data),
  ];
}

function problemsOf(issue: z.core.$ZodIssue): LayoutProblem[] {
  const place = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field: place, message: issue.message }];
  const known = place === 'columns' ? ` Fields are ${fields.join(', ')}` : '';
  return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: `is not known.${known}` }));
}

const of = (name: Field, message: string): LayoutProblem => ({ field: `columns.${name}`, message });

function missingFields({ columns: from }: Layout): LayoutProblem[] {
  const missing = needed.filter((name) => from[name] === undefined);
  const isOwned = (['label', 'upc', 'isrc'] as const).some((name) => from[name] !== undefined);
  return [
    ...missing.map((name) => of(name, 'is missing; every line needs it')),
    ...(isOwned ? [] : [of('label', 'is missing; without label, upc or isrc no line finds its owner')]),
  ];
}

const needed = ['salesMonth', 'quantity', 'net'] as const;

/** Fields that other parts of the layout speak of. */
function wrongReferences({ columns: from, optional = [], usageBy }: Layout): LayoutProblem[] {
  const fixed: readonly Field[] = [...needed, 'reportingMonth'];
  const wrong = optional.filter((name) => fixed.includes(name) || from[name] === undefined);
  return [
    ...wrong.map((name) => ({
      field: 'optional',
      message: from[name] ? `has ${name}, which no file may leave out` : `has ${name}, which columns does not have`,
    })),
    ...(usageBy && from[usageBy] === undefined
      ? [{ field: 'usageBy', message: `is ${usageBy}, which columns does not have` }]
      : []),
  ];
}

const months: readonly Field[] = ['salesMonth', 'reportingMonth'];

function wrongPeriods({ columns: from }: Layout): LayoutProblem[] {
  return fields
    .filter((name) => isObject(from[name]) && 'firstDay' in from[name] && !months.includes(name))
    .map((name) => of(name, 'cannot be a period; only salesMonth and reportingMonth can'));
}

function wrongConstants(layout: Layout): LayoutProblem[] {
  const readers = cellReaders(layout, layout.decimal ?? 'point');
  const problem = (name: Field, constant: string): string | undefined => {
    if (name === 'net') return 'must come from a column';
    // Other spellings would depend on the decimal mark of each file.
    if (name === 'quantity' && !/^\d{1,15}$/.test(constant)) return 'must be a whole number without separators';
    const found = readers[name](constant).problem;
    return found && `"${constant}" ${found}`;
  };
  const wrong = fields.flatMap((name) => {
    const from = layout.columns[name];
    const message = isObject(from) && 'constant' in from ? problem(name, from.constant) : undefined;
    return message ? [of(name, message)] : [];
  });
  const currency = layout.defaultCurrency === undefined ? undefined : problem('currency', layout.defaultCurrency);
  return currency ? [...wrong, { field: 'defaultCurrency', message: currency }] : wrong;
}

const isObject = (from: FieldOrigin | undefined): from is Exclude<FieldOrigin, ColumnNames> =>
  typeof from === 'object' && !Array.isArray(from);

function wrongUsage({ usage }: Layout): LayoutProblem[] {
  const seen = new Set<string>();
  return usageTypes.flatMap((type) =>
    (usage[type] ?? []).flatMap((name) => {
      const key = name.trim().toLowerCase();
      const isNew = !seen.has(key);
      seen.add(key);
      if (key !== name.toLowerCase())
        return [{ field: `usage.${type}`, message: `has "${name}" with spaces around it` }];
      return isNew ? [] : [{ field: `usage.${type}`, message: `has "${name}" a second time` }];
    }),
  );
}
