import { DomainError } from '@countinghouse/contracts';
import { OutOfMemory } from './duckdb.js';

/**
 * What the machine has too little of as a refusal, so that jobs do the right thing: a full disk is waited out, and with
 * too little memory there is no use in trying again. Every other error as it is.
 */
export function workRefusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (isDiskFull(error)) return refusal('insufficient_storage', 'There is no space left to work in', error);
  if (error instanceof OutOfMemory) return refusal('unprocessable', error.message, error);
  return error;
}

const refusal = (code: 'insufficient_storage' | 'unprocessable', message: string, cause: Error): DomainError =>
  Object.assign(new DomainError(code, message), { cause });

/** The line engine says it in words only: of a file that it writes, and of the space that it spills into. */
const isDiskFull = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ENOSPC' || error.code === 'EDQUOT' || inWords.test(error.message);

const inWords = /No space left on device|Disk quota exceeded|failed to offload data block.*max_temp_directory_size/s;
