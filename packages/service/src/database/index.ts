export { DatabaseModule } from './database.module.js';
export type { DatabaseOptions } from './data-source.js';
export { databaseRefusal, isTemporary } from './database-errors.js';
export { wasReplayed } from './idempotency.js';
export { kitMigrations } from './migrations/index.js';
export { PointRead } from './point-read.js';
export { crossTenantFunction, enterTenant, serviceRole, tenantTable } from './tenancy.js';
export { Transactions, type RunOptions, type TenantOptions, type Work } from './transactions.js';
