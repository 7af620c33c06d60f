import { setTimeout as delay } from 'node:timers/promises';
import type { Platform } from '@countinghouse/testing';
import { DataSource } from 'typeorm';

/** The database of royalties with its owner's eyes: what no call tells. */
export const openRoyaltiesDatabase = (platform: Platform): Promise<DataSource> =>
  new DataSource({ type: 'postgres', url: platform.ownerDatabaseUrl('royalties') }).initialize();

/** Waits until nothing is to be done for the tenant any more. */
export async function jobsEnded(database: DataSource, tenantId: number): Promise<void> {
  const open = `SELECT FROM job WHERE tenant_id = $1 AND state IN ('waiting', 'active')`;
  while ((await database.query(open, [tenantId])).length > 0) await delay(20);
}
