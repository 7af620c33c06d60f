import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDuckDb } from '@countinghouse/duckdb';
import { isTemporary } from '@countinghouse/service';
import { expect, it } from '@jest/globals';
import { outOfMemoryAsRefusal } from './out-of-memory.js';

it('ends a job for which the line engine has not enough memory, and says what can be set', async () => {
  const workDir = await mkdtemp(join(tmpdir(), 'out-of-memory-'));
  const work = withDuckDb(workDir, { memoryMiB: 16, threads: 1 }, (database) =>
    database.run(`CREATE TABLE numbers AS SELECT list(range) FROM range(10000000)`),
  );
  const refusal = outOfMemoryAsRefusal(await work.catch((error: unknown) => error), 16);
  await rm(workDir, { recursive: true });
  expect(refusal).toMatchObject({
    reply: { code: 'unprocessable', message: expect.stringMatching(/16 MiB .* ENGINE_MEMORY_MB/) },
  });
  expect(isTemporary(refusal)).toBe(false);
});

it.each([new Error('IO Error: Could not read file'), 'no error'])('leaves %s as it is', (error) => {
  expect(outOfMemoryAsRefusal(error, 16)).toBe(error);
});
