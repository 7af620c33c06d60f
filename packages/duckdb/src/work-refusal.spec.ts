import { expect, it } from '@jest/globals';
import { OutOfMemory } from './duckdb.js';
import { workRefusal } from './work-refusal.js';

it.each([
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' }),
  new Error('IO Error: Could not write file "/scratch/accepted.duckdb": No space left on device'),
  new Error(
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (0 bytes/0 bytes used).\nThis limit was set by the 'max_temp_directory_size' setting.",
  ),
])('a job waits out %s', (error) => {
  const refusal = workRefusal(error);
  expect(refusal).toMatchObject({ reply: { code: 'insufficient_storage' }, cause: error });
});

it('a job ends for want of memory, and says what to set', () => {
  const error = new OutOfMemory(384, new Error('Out of Memory Error'));
  const refusal = workRefusal(error);
  expect(refusal).toMatchObject({ reply: { code: 'unprocessable', message: error.message }, cause: error });
});

it.each([new Error('IO Error: Could not read file'), 'no error'])('leaves %s as it is', (error) => {
  expect(workRefusal(error)).toBe(error);
});
