import { DomainError } from '@countinghouse/contracts';

/**
 * That the line engine cannot do with its memory, as the refusal that a job ends with: trying again would need as much.
 * Every other error as it is.
 *
 * @param memoryMiB what a piece of work has
 */
export function outOfMemoryAsRefusal(error: unknown, memoryMiB: number | undefined): unknown {
  const { message } = (error ?? {}) as Partial<Error>;
  if (!message?.startsWith('Out of Memory Error')) return error;
  const refusal = new DomainError(
    'unprocessable',
    `the line engine needs more memory than the ${memoryMiB} MiB that it has for one statement, ` +
      'which the operator can change by raising ENGINE_MEMORY_MB or lowering STATEMENT_WORKERS',
  );
  refusal.cause = error;
  return refusal;
}
