import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type DatabaseUrls, startProduct, testDatabase, testNats } from './index.js';

const query = async (url: string, sql: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
};

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('testDatabase', () => {
  it('gives each asker a copy of its own of what was migrated once', async () => {
    let migrations = 0;
    const migrate = async ({ ownerUrl }: DatabaseUrls) => {
      migrations++;
      await query(ownerUrl, 'CREATE TABLE thing (id integer)');
    };
    const [first, second] = await Promise.all([testDatabase('things', migrate), testDatabase('things', migrate)]);
    expect(migrations).toBe(1);
    await query(first.ownerUrl, 'INSERT INTO thing VALUES (1)');
    expect(await query(second.ownerUrl, 'SELECT * FROM thing')).toEqual([]);
    await Promise.all([first.drop(), second.drop()]);
  });

  it('takes no half-made template', async () => {
    const failing = () => Promise.reject(new Error('on purpose'));
    await expect(testDatabase('broken', failing)).rejects.toThrow('on purpose');
    const database = await testDatabase('broken', async () => {});
    expect(await query(database.url, 'SELECT current_user AS role')).toEqual([{ role: 'broken' }]);
    await database.drop();
  });
});

describe('startProduct', () => {
  it('leaves no process and no file behind', async () => {
    const product = await startProduct({ services: [] });
    const pids = ['postgres', 'nats'].map((name) => product.pid(name)!);
    expect(pids.map(alive)).toEqual([true, true]);
    await product.stop();
    expect(pids.map(alive)).toEqual([false, false]);
    expect(existsSync(product.home)).toBe(false);
  }, 60_000);
});

describe('testNats', () => {
  it('comes back on its address, and is gone at the end', async () => {
    const nats = await testNats();
    await nats.kill();
    await nats.start();
    await nats.stop();
    await expect(fetch(nats.url.replace('nats:', 'http:'))).rejects.toThrow();
  });
});
