import { operation } from '@countinghouse/contracts';
import { Controller, type Type } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { IsNotEmpty, IsOptional, IsString, IsUUID } from 'class-validator';
import { Answers } from '../bus/answers.js';
import { FailedJob, FailedJobs } from './failed-jobs.js';

class ListFailedJobs {
  /** Of all names, when not given. */
  @IsOptional()
  @IsString()
  name?: string;
}

class RetryFailedJobs {
  @IsString()
  @IsNotEmpty()
  name: string;

  /** All of the name, when not given. */
  @IsOptional()
  @IsUUID()
  id?: string;
}

class RetriedJobs {
  retried: number;
}

/** What an administrator may ask a service about its jobs. The gateway has no routes to these. */
export const jobsOperations = (service: string) => ({
  failedJobs: operation(`${service}.jobs.failed`, { request: ListFailedJobs, reply: [FailedJob] }),
  retryJobs: operation(`${service}.jobs.retry`, { request: RetryFailedJobs, reply: RetriedJobs }),
});

export const jobsController = (service: string): Type => {
  const operations = jobsOperations(service);

  @Controller()
  class JobsController {
    constructor(private readonly failed: FailedJobs) {}

    @Answers(operations.failedJobs)
    list(@Payload() { name }: ListFailedJobs): Promise<FailedJob[]> {
      return this.failed.list(name);
    }

    @Answers(operations.retryJobs)
    async retry(@Payload() { name, id }: RetryFailedJobs): Promise<RetriedJobs> {
      return { retried: await this.failed.retry(name, id) };
    }
  }
  return JobsController;
};
