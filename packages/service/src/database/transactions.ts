import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from '@countinghouse/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { callbacksOf } from './after-commit.js';
import { databaseRefusal, isRetryable } from './database-errors.js';
import { claimKey, markReplayed, storeReply, writeOf } from './idempotency.js';
import { enterTenant, tenantSetting } from './tenancy.js';

export type Work<T> = (manager: EntityManager) => Promise<T>;

export interface TenantOptions {
  /** For long work; otherwise a statement has the pool's statement_timeout. 0 is without limit. */
  statementTimeoutMs?: number;
}

export interface RunOptions<T> extends TenantOptions {
  /** What a repeated call is answered with, where the first answer holds something shown only once. */
  storedReply?: (reply: T) => unknown;
}

const attempts = 4;

/**
 * The only way to the tables: one transaction with the tenant set for just that transaction. `work` may be run again
 * after a deadlock or serialization failure, so all that it does goes through its manager.
 */
@Injectable()
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * In the caller's tenant; without a principal no row is visible. A write with an Idempotency-Key takes effect once:
   * the reply is stored with the effect and given again to a repeated call.
   */
  async run<T>(
    call: Call,
    work: Work<T>,
    { storedReply = (reply) => reply, ...options }: RunOptions<T> = {},
  ): Promise<T> {
    const tenantId = call.principal?.tenantId ?? null;
    const write = writeOf(call);
    return this.transaction(tenantId, settingsOf(options), async (manager) => {
      if (!write) return work(manager);
      const stored = await claimKey(manager, write);
      if (stored) {
        markReplayed(call);
        return stored.reply as T;
      }
      const reply = await work(manager);
      await enterTenant(manager, tenantId);
      await storeReply(manager, write, storedReply(reply));
      return reply;
    });
  }

  /** For jobs and facts. */
  inTenant<T>(tenantId: number, work: Work<T>, options: TenantOptions = {}): Promise<T> {
    return this.transaction(tenantId, settingsOf(options), work);
  }

  /** Refuses every write. */
  read<T>(tenantId: number, work: Work<T>, options: TenantOptions = {}): Promise<T> {
    return this.transaction(tenantId, { ...settingsOf(options), transaction_read_only: 'on' }, work);
  }

  private async transaction<T>(tenantId: number | null, settings: Settings, work: Work<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt({ 'app.tenant': tenantSetting(tenantId), ...settings }, work);
      } catch (error) {
        if (attempt === attempts || !isRetryable(error)) throw databaseRefusal(error);
        await delay(Math.random() * 20 * 2 ** attempt);
      }
    }
  }

  private async attempt<T>(settings: Settings, work: Work<T>): Promise<T> {
    const local = Object.entries(settings);
    const calls = local.map((_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
    const { result, callbacks } = await this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT ${calls.join(', ')}`, local.flat());
      return { result: await work(manager), callbacks: callbacksOf(manager) };
    });
    for (const callback of callbacks) callback();
    return result;
  }
}

type Settings = Record<string, string>;

const settingsOf = ({ statementTimeoutMs }: TenantOptions): Settings =>
  statementTimeoutMs === undefined ? {} : { statement_timeout: String(statementTimeoutMs) };
