import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { amountText, literal, withDuckDb } from './duckdb.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duckdb-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('memory', () => {
  /** One list cannot be spilled. */
  const needsAbout100MiB = 'SELECT CAST(len(list(i)) AS DOUBLE) AS length FROM range(4_000_000) AS numbers (i)';

  it('beyond the limit is had as a last resort, and the work is begun again', async () => {
    let begun = 0;
    const row = await withDuckDb(folder, { memoryMiB: 20, lastResortMiB: 400 }, async (database) => {
      begun++;
      await database.run('CREATE TABLE made AS SELECT 1');
      return database.row(needsAbout100MiB);
    });
    expect(row).toEqual({ length: 4_000_000 });
    expect(begun).toBe(2);
  });

  it('that is not enough is said to be so, with what to set', async () => {
    const work = withDuckDb(folder, { memoryMiB: 20 }, (database) => database.row(needsAbout100MiB));
    await expect(work).rejects.toThrow(
      'The line engine has run out of its 20 MiB of memory; the operator can give it more with ENGINE_MEMORY_MB',
    );
  });

  it.each([
    ['any other failure', 'SELECT nothing', 'nothing'],
    [
      'a full disk',
      `SET max_temp_directory_size = '1MB'; CREATE TABLE spilled AS SELECT i, hash(i) FROM range(10_000_000) AS numbers (i)`,
      'max_temp_directory_size',
    ],
  ])('has nothing to do with %s', async (_, sql, reason) => {
    let begun = 0;
    const work = withDuckDb(folder, { memoryMiB: 20, lastResortMiB: 400 }, (database) => {
      begun++;
      return database.run(sql);
    });
    await expect(work).rejects.toThrow(reason);
    expect(begun).toBe(1);
  });
});

describe('texts', () => {
  it('stand in SQL as they are, and come back so', async () => {
    const text = `it's; -- "x" \n`;
    const row = await withDuckDb(folder, {}, (database) => database.row(`SELECT ${literal(text)} AS text`));
    expect(row).toEqual({ text });
  });

  it('that are added are read in batches', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => [`${at}`, at % 2 === 0 ? null : 'odd']);
    const found = await withDuckDb(folder, {}, async (database) => {
      await database.run('CREATE TABLE texts (id VARCHAR, parity VARCHAR)');
      await database.append('texts', rows);
      const read: unknown[] = [];
      for await (const batch of database.batches('SELECT * FROM texts')) read.push(...batch);
      return read;
    });
    expect(found).toEqual(rows);
  });

  it.each([
    ['CAST(1.50 AS DECIMAL(10, 2))', '1.5'],
    ['CAST(-100 AS DECIMAL(10, 2))', '-100'],
    ['CAST(NULL AS DECIMAL(10, 2))', '0'],
    ['CAST(12345678901234567890.0000000001 AS DECIMAL(38, 10))', '12345678901234567890.0000000001'],
  ])('of %s have its exact digits: %s', async (decimal, text) => {
    const row = await withDuckDb(folder, {}, (database) => database.row(`SELECT ${amountText(decimal)} AS text`));
    expect(row).toEqual({ text });
  });
});
