import { openStorage } from '@countinghouse/storage';
import { Global, Module } from '@nestjs/common';
import { config } from './config.js';

/** Injection token of the object storage. */
export const STORAGE = Symbol('object storage');

@Global()
@Module({
  providers: [
    {
      provide: STORAGE,
      useFactory: () =>
        openStorage(config.STORAGE_URL, {
          signingKey: config.STORAGE_SIGNING_KEY,
          publicUrl: config.PUBLIC_URL,
          workDir: config.WORK_DIR,
        }),
    },
  ],
  exports: [STORAGE],
})
export class StorageModule {}
