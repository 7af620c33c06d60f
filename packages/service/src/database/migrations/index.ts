import { Tenancy0000000000001 } from './0000000000001-tenancy.js';
import { Idempotency0000000000002 } from './0000000000002-idempotency.js';
import { Facts0000000000003 } from './0000000000003-facts.js';
import { Jobs0000000000004 } from './0000000000004-jobs.js';
import { FairJobs0000000000005 } from './0000000000005-fair-jobs.js';

/** The kit's own tables. Their timestamps are tiny, so that they always come before a service's. */
export const kitMigrations = [
  Tenancy0000000000001,
  Idempotency0000000000002,
  Facts0000000000003,
  Jobs0000000000004,
  FairJobs0000000000005,
];
