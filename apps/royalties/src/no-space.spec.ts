import { isTemporary } from '@countinghouse/service';
import { expect, it } from '@jest/globals';
import { noSpaceAsRefusal } from './no-space.js';

it.each([
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' }),
  new Error('IO Error: Could not write file "/scratch/accepted.duckdb": No space left on device'),
  new Error(
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (0 bytes/0 bytes used).\nThis limit was set by the 'max_temp_directory_size' setting.",
  ),
])('a job waits out %s', (error) => {
  const refusal = noSpaceAsRefusal(error);
  expect(isTemporary(refusal)).toBe(true);
  expect(refusal).toMatchObject({ reply: { code: 'insufficient_storage' }, cause: error });
});

it.each([new Error('IO Error: Could not read file'), new Error('Out of Memory Error'), 'no error'])(
  'leaves %s as it is',
  (error) => {
    expect(noSpaceAsRefusal(error)).toBe(error);
  },
);
