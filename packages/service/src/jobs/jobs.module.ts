import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { gaugeRead } from '../operations/metrics.js';
import { FailedJobs } from './failed-jobs.js';
import { JobHandlers } from './job.js';
import { JobRunner } from './job-runner.js';
import { jobsController } from './jobs.controller.js';
import { Jobs } from './jobs.js';

/** Long work: `Jobs` to send it, `@Job` to do it. Needs the database. */
@Global()
@Module({})
export class JobsModule {
  static forRoot({ service }: { service: string }): DynamicModule {
    return {
      module: JobsModule,
      imports: [DiscoveryModule],
      providers: [JobHandlers, JobRunner, FailedJobs, Jobs],
      controllers: [jobsController(service)],
      exports: [Jobs],
    };
  }

  constructor(dataSource: DataSource) {
    gaugeRead(
      {
        name: 'countinghouse_jobs',
        help: 'Jobs of all processes of this service by name and state: waiting, active, or failed and to be retried by an administrator.',
        labelNames: ['job', 'state'],
      },
      () =>
        dataSource.query(
          `SELECT json_build_object('job', name, 'state', state) AS labels, jobs AS value FROM job_counts()`,
        ),
    );
  }
}
