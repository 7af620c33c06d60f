import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DomainError, royalties } from '@countinghouse/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, bearer, type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
let url: string;
let headers: Record<string, string>;
/** What lay in object storage when royalties was asked. */
let read: string[];

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.app.listen(0, '127.0.0.1');
  url = `${await gateway.app.getUrl()}/royalties/contracts/import`;
});
beforeEach(async () => {
  headers = await bearer(admin);
  read = [];
  gateway.services.answer(royalties.importContracts, async ({ storageKey }) => {
    read.push(await readFile(join(gateway.storageFolder, storageKey), 'utf8'));
    return { imported: 1 };
  });
});
afterAll(() => gateway.stop());

const send = (body: string | Buffer, more: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { ...headers, ...more }, body: body as NonNullable<RequestInit['body']> });
const storedFiles = async () =>
  (await readdir(gateway.storageFolder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());

describe('a file of contracts', () => {
  it('is in object storage while royalties reads it, and not afterwards', async () => {
    const answer = await send('userId;scope\n', { 'content-type': 'text/csv' });
    expect([answer.status, await answer.json()]).toEqual([201, { imported: 1 }]);
    expect(read).toEqual(['userId;scope\n']);
    expect(await storedFiles()).toEqual([]);
  });

  it.each(['conflict', 'deadline_exceeded'] as const)('is gone after %s too', async (code) => {
    gateway.services.answer(royalties.importContracts, () => {
      throw new DomainError(code, 'Not now');
    });
    expect((await send('userId;scope\n')).status).toBe({ conflict: 409, deadline_exceeded: 504 }[code]);
    expect(await storedFiles()).toEqual([]);
  });

  it('is refused when it has more than fifty megabytes, packed or not', async () => {
    const file = Buffer.alloc(50_000_001, 'x');
    const refused = await send(gzipSync(file), { 'content-encoding': 'gzip' });
    expect([refused.status, await refused.json()]).toMatchObject([
      413,
      { message: 'The file may have at most 50000000 bytes' },
    ]);
    expect((await send(gzipSync(file))).status).toBe(413);
    expect([read, await storedFiles()]).toEqual([[], []]);
  });

  it('is the same write to an idempotency key only when it is the same file', async () => {
    const hashes: (string | undefined)[] = [];
    for (const body of ['one', gzipSync('one'), 'two']) {
      await send(body, { 'idempotency-key': 'k-1' });
      hashes.push(gateway.services.last?.call.idempotency?.bodyHash);
    }
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});
