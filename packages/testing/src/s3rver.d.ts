/** What is used of it; it brings no types. */
declare module 's3rver' {
  import type { RequestListener } from 'node:http';

  export default class S3rver {
    constructor(options: { directory: string; silent: boolean; configureBuckets: { name: string }[] });
    configureBuckets(): Promise<unknown>;
    callback(): RequestListener;
    store: { listObjects(bucket: string, options: { prefix: string }): Promise<{ objects: { key: string }[] }> };
  }
}
