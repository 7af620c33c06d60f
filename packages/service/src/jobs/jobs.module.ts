import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { JobHandlers } from './job.js';
import { JobRunner } from './job-runner.js';
import { Jobs } from './jobs.js';

/** Long work: `Jobs` to send it, `@Job` to do it. Needs the database. */
@Global()
@Module({ imports: [DiscoveryModule], providers: [JobHandlers, JobRunner, Jobs], exports: [Jobs] })
export class JobsModule {}
