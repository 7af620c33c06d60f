import { readConfig, serviceEnvironment } from '@countinghouse/service';
import { storageUrl } from '@countinghouse/storage';
import { z } from 'zod';

export const config = readConfig(
  serviceEnvironment.extend({
    STORAGE_URL: storageUrl,
    STORAGE_SIGNING_KEY: z.string().min(32, 'expected at least 32 characters; it signs download addresses'),
    PUBLIC_URL: z.url('expected the address people reach the gateway at, such as https://finance.example.com'),
    /** Scratch space for earnings being split; emptied when each piece of work is done. */
    WORK_DIR: z.string().default('/tmp/countinghouse-accounting'),
    /** Memory of the engine that splits earnings in MiB; beyond it, it spills to WORK_DIR. */
    ENGINE_MEMORY_MB: z.coerce.number().int().min(128).default(512),
    ENGINE_THREADS: z.coerce.number().int().min(1).max(64).default(2),
  }),
);
