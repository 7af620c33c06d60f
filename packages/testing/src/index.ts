export type { Platform } from '@countinghouse/local';
export { type Answer, Api, openMember, openTenant, type StatementView, type TestTenant } from './api.js';
export { eventually } from './eventually.js';
export { type DatabaseUrls, type TestDatabase, testDatabase } from './database.js';
export { type TestNats, testNats } from './nats.js';
export { startProduct } from './product.js';
export { type TestS3, testS3 } from './s3.js';
