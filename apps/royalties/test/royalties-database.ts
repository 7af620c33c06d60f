import { eventually, type Platform } from '@countinghouse/testing';
import { expect } from '@jest/globals';
import { DataSource } from 'typeorm';

/** The database of royalties with its owner's eyes: what no call tells. */
export const openRoyaltiesDatabase = (platform: Platform): Promise<DataSource> =>
  new DataSource({ type: 'postgres', url: platform.ownerDatabaseUrl('royalties') }).initialize();

/** Waits until nothing is to be done for the tenant any more. */
export const jobsEnded = (database: DataSource, tenantId: number): Promise<void> =>
  eventually(async () => {
    const open = await database.query(
      `SELECT name, subject, state, error FROM job WHERE tenant_id = $1 AND state IN ('waiting', 'active')`,
      [tenantId],
    );
    expect(open).toEqual([]);
  });
