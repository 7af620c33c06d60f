import { DomainError } from '@countinghouse/contracts';

/**
 * A full disk as the refusal that a job waits out; every other error as it is. The line engine says it in words only: of
 * a file that it writes, and of the space that it spills into.
 */
export function noSpaceAsRefusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || inWords.test(error.message);
  if (!full) return error;
  const refusal = new DomainError('insufficient_storage', 'There is no space left to work in');
  refusal.cause = error;
  return refusal;
}

const inWords = /No space left on device|Disk quota exceeded|failed to offload data block.*max_temp_directory_size/s;
