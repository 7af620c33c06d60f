import { setTimeout as delay } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { DomainError, type ErrorCode } from '@countinghouse/contracts';

interface PgError extends Error {
  /** SQLSTATE, or Node's code such as ECONNREFUSED. */
  code?: string;
  driverError?: PgError;
  /** One for each address that was tried. */
  errors?: PgError[];
}

/** SQLSTATEs and socket errors by what the caller can do about them; https://www.postgresql.org/docs/18/errcodes-appendix.html */
const refusals: readonly { code: RegExp; refusal: ErrorCode; message: string }[] = [
  { code: /^53100$/, refusal: 'insufficient_storage', message: 'The database has no space left' },
  { code: /^(57014|25P03|25P04)$/, refusal: 'deadline_exceeded', message: 'The database took too long to answer' },
  {
    code: /^(08...|53...|55P03|57P0[1235]|E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH))$/,
    refusal: 'unavailable',
    message: 'The database cannot be reached',
  },
];

/** pg, pg-pool and TypeORM report a lost or missing connection without any code. */
const lostConnection =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|Query read timeout|timeout expired|Query runner already released|Database connection provided by a query runner was already released|Cannot use a pool after calling end)/;

const codeOf = (error: PgError): string => error.driverError?.code ?? error.code ?? error.errors?.[0]?.code ?? '';

/** Whether a fresh attempt of the same transaction may succeed: serialization failure or deadlock. */
export const isRetryable = (error: unknown): boolean => isNativeError(error) && /^(40001|40P01)$/.test(codeOf(error));

/** A failure of the database itself as the refusal that it is for the caller; everything else unchanged. */
export const databaseRefusal = (error: unknown): unknown => {
  if (!isNativeError(error) || error instanceof DomainError) return error;
  const code = codeOf(error);
  const found =
    refusals.find((refusal) => refusal.code.test(code)) ??
    (lostConnection.test(error.message) ? refusals[2] : undefined);
  if (!found) return error;
  const refusal = new DomainError(found.refusal, found.message, { retryAfterSeconds: 2 });
  refusal.cause = error;
  return refusal;
};

/** Whether the same may well succeed a little later, through nobody's doing here. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof DomainError && ['unavailable', 'insufficient_storage'].includes(error.reply.code);

/** Does the work again, second by second, while what it needs cannot be reached; until it is told to give up. */
export const whenAvailable = async <T>(
  work: () => Promise<T>,
  givenUp: () => boolean,
  whileWaiting: () => void = () => {},
): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTemporary(error) || givenUp()) throw error;
      whileWaiting();
      await delay(1_000);
    }
  }
};
