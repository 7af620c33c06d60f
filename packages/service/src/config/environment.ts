import { z } from 'zod';

/** Variables of every process. */
export const processEnvironment = z.object({
  NATS_URL: z.string().min(1, 'expected the address of nats-server, such as nats://user:password@127.0.0.1:4222'),
  /** Health and metrics are served here, apart from the product's own traffic. */
  OPS_PORT: z.coerce.number().int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** `1` when one launcher runs everything on this machine; allows generated local secrets. */
  EMBEDDED: z.enum(['0', '1']).default('0'),
});
export type ProcessEnvironment = z.infer<typeof processEnvironment>;

const postgresUrl = z
  .string('expected the address of a PostgreSQL database, such as postgres://user:password@127.0.0.1:5432/identity')
  .regex(/^postgres(ql)?:\/\//, 'expected an address that begins with postgres://');

/** Variables of every process with a database of its own. */
export const serviceEnvironment = processEnvironment.extend({
  /** The service's plain role: it owns nothing and row-level security binds it. */
  DATABASE_URL: postgresUrl,
  /** The role that owns the tables. When set, migrations run at start. */
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
});
export type ServiceEnvironment = z.infer<typeof serviceEnvironment>;

/**
 * Reads and checks the environment once.
 *
 * A missing or malformed variable ends the process with its name and what was expected; no value is printed, because
 * some are secrets.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${explain(issue)}`);
  process.stderr.write(`The configuration is not usable:\n${lines.join('\n')}\n`);
  process.exit(78); // EX_CONFIG
}

const explain = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_type' && issue.input === undefined ? `is missing; ${issue.message}` : issue.message;
