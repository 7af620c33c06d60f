import { type Call, DomainError } from '@countinghouse/contracts';
import { Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { platformTenant } from '../domain/platform.js';
import { emailKey } from '../domain/text-keys.js';
import { Secrets } from '../keys/secrets.js';
import { invalidCredentials } from './invalid-credentials.js';

/** Failures that an account, and an address, may have in any minute. */
const most = 10;

/**
 * Lets nobody guess passwords faster than 10 in a minute, neither of one account nor from one address. An e-mail address
 * counts as an account whether or not it is one. Counted in the database, so that all replicas count together.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly transactions: Transactions,
    private readonly secrets: Secrets,
  ) {}

  /**
   * What an attempt finds; an attempt that finds `null` has failed and is counted.
   *
   * @throws DomainError `unauthorized`, or `too_many_requests` also for the right password
   */
  async guard<T>(email: string, { address }: Call, attempt: () => Promise<T | null>): Promise<T> {
    const subjects = this.subjectsOf(email, address);
    refuseWait(await this.transactions.read(platformTenant, (manager) => secondsToWait(manager, subjects)));
    const found = await attempt();
    // Asked again, because guesses that were sent all at once have all passed the first time.
    const wait = await this.transactions.inTenant(platformTenant, async (manager) => {
      const seconds = await secondsToWait(manager, subjects);
      if (seconds === null && found === null) await count(manager, subjects);
      return seconds;
    });
    refuseWait(wait);
    if (found === null) throw invalidCredentials();
    return found;
  }

  /** Digests: what people type as their e-mail address, and where from, is nobody's business. */
  private subjectsOf(email: string, address: string | undefined): Buffer[] {
    const subjects = [`account ${emailKey(email)}`, ...(address ? [address] : [])];
    return subjects.map((subject) => this.secrets.digest('login failure', subject));
  }
}

const refuseWait = (seconds: number | null): void => {
  if (seconds === null) return;
  throw new DomainError('too_many_requests', 'Too many requests, try again later', { retryAfterSeconds: seconds });
};

/** Until the tenth latest failure of a subject is a minute ago; `null` when none has that many. */
const secondsToWait = async (manager: EntityManager, subjects: Buffer[]): Promise<number | null> => {
  const [{ seconds }]: [{ seconds: number | null }] = await manager.query(
    `SELECT ceil(extract(epoch FROM max(tenth.failed_at) + interval '1 minute' - clock_timestamp()))::integer AS seconds
     FROM unnest($1::bytea[]) AS wanted (subject)
     CROSS JOIN LATERAL (
       SELECT failed_at FROM login_failure
       WHERE tenant_id = $2 AND subject = wanted.subject AND failed_at > clock_timestamp() - interval '1 minute'
       ORDER BY failed_at DESC OFFSET $3 LIMIT 1
     ) AS tenth`,
    [subjects, platformTenant, most - 1],
  );
  return seconds;
};

/** Failures of more than a minute ago go at the same time; those that another transaction removes are left to it. */
const count = async (manager: EntityManager, subjects: Buffer[]): Promise<void> => {
  await manager.query(
    `DELETE FROM login_failure WHERE tenant_id = $1 AND id IN (
       SELECT id FROM login_failure WHERE tenant_id = $1 AND failed_at <= clock_timestamp() - interval '1 minute'
       LIMIT 100 FOR UPDATE SKIP LOCKED
     )`,
    [platformTenant],
  );
  await manager.query(`INSERT INTO login_failure (tenant_id, subject) SELECT $1, unnest($2::bytea[])`, [
    platformTenant,
    subjects,
  ]);
};
