import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { keyPattern } from './object-storage.js';

const forms = 'file:///an/absolute/folder, s3://bucket?region=… or s3://bucket?endpoint=…';

const folder = z.object({ kind: z.literal('disk'), folder: z.string() });

const address = z.url({
  protocol: /^https?$/,
  error: 'expected the address of an S3 store, such as https://s3.example',
});

const s3Parameters = {
  /** Needed at AWS; stores elsewhere mostly take any. */
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'expected the name of a region, such as eu-central-1')
    .optional(),
  /** A store elsewhere than at AWS. */
  endpoint: address.optional(),
  /** The same store as people reach it, when services do by another address; signed addresses begin with it. */
  publicEndpoint: address.optional(),
  /** Whether the bucket stands in the path of addresses rather than in their host name. */
  forcePathStyle: z.stringbool({ truthy: ['true'], falsy: ['false'], error: 'expected true or false' }).optional(),
};

const bucket = z
  .strictObject(
    {
      kind: z.literal('s3'),
      bucket: z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected 3 to 63 small letters, digits, dots and hyphens'),
      /** What all keys begin with, for a bucket that is shared. */
      prefix: z.string().regex(new RegExp(`^(${keyPattern})?$`), 'expected letters, digits, dots, hyphens and slashes'),
      ...s3Parameters,
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `${issue.keys.join(', ')} is not known; an s3 address takes ${Object.keys(s3Parameters).join(', ')}`
          : undefined,
    },
  )
  .refine(
    ({ region, endpoint }) => region ?? endpoint,
    'expected region=… (of AWS) or endpoint=… (of another S3 store)',
  )
  .transform(({ region = 'us-east-1', forcePathStyle, ...rest }) => ({
    ...rest,
    region,
    forcePathStyle: forcePathStyle ?? rest.endpoint !== undefined,
  }));

/**
 * `STORAGE_URL`, read: a folder, `file:///data`, or a bucket, `s3://bucket/prefix?endpoint=…&region=…`.
 *
 * Credentials are no part of it; they come from where AWS's tools look for them.
 */
export const storageUrl = z
  .string(`expected ${forms}`)
  .transform((text, context) => {
    const parts = partsOf(text);
    if (typeof parts === 'object') return parts;
    context.addIssue({ code: 'custom', message: parts });
    return z.NEVER;
  })
  .pipe(z.discriminatedUnion('kind', [folder, bucket]));

/** Where objects are stored. */
export type StorageLocation = z.infer<typeof storageUrl>;
export type S3Location = Extract<StorageLocation, { kind: 's3' }>;

/** The parts by their names, or what is wrong; the text itself may hold a secret and is not repeated. */
function partsOf(text: string): Record<string, string> | string {
  const url = URL.parse(text);
  if (url?.username || url?.password)
    return 'credentials do not belong in the address; give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
  if (text.startsWith('file:///') && url && !/[?#]|%2f/i.test(text))
    return { kind: 'disk', folder: fileURLToPath(url) };
  if (url?.protocol !== 's3:' || url.hash) return `expected ${forms}`;
  const parts: [string, string][] = [
    ['kind', 's3'],
    ['bucket', url.hostname],
    ['prefix', url.pathname.replace(/^\/|\/$/g, '')],
    ...url.searchParams,
  ];
  const twice = parts.find(([name], at) => parts.findIndex(([other]) => other === name) < at);
  return twice ? `${twice[0]} is given twice` : Object.fromEntries(parts);
}
