import { readConfig, serviceEnvironment } from '@countinghouse/service';
import { storageUrl } from '@countinghouse/storage';
import { z } from 'zod';

export const config = readConfig(
  serviceEnvironment
    .extend({
      STORAGE_URL: storageUrl,
      STORAGE_SIGNING_KEY: z.string().min(32, 'expected at least 32 characters; it signs download addresses'),
      PUBLIC_URL: z.url('expected the address people reach the gateway at, such as https://finance.example.com'),
      /** Scratch space for statements being read; emptied when each is done. */
      WORK_DIR: z.string().default('/tmp/countinghouse-royalties'),
      /** Statements worked on at the same time by this process; of several, the last place is for another tenant. */
      STATEMENT_WORKERS: z.coerce.number().int().min(1).max(64).default(2),
      /** Memory of the line engine in MiB, which the statements share evenly; beyond it, it spills to WORK_DIR. */
      ENGINE_MEMORY_MB: z.coerce.number().int().default(384),
      /** Of each statement: one that is alone has all processors, several share them. */
      ENGINE_THREADS: z.coerce.number().int().min(1).max(64).default(2),
    })
    .refine(({ ENGINE_MEMORY_MB, STATEMENT_WORKERS }) => ENGINE_MEMORY_MB >= 128 * STATEMENT_WORKERS, {
      path: ['ENGINE_MEMORY_MB'],
      error: 'expected at least 128 for each of STATEMENT_WORKERS: with less, a large statement fails',
    }),
);
