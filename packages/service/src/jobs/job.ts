import { Injectable, SetMetadata } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { decoratedMethods } from './decorated-methods.js';

/** What a job knows: its tenant and row ids, nothing else. */
export interface JobData {
  tenantId: number;
  [id: string]: string | number;
}

export interface RunningJob {
  id: string;
  /** 1 at the first start; more after a failure or the death of the process that ran it. */
  attempt: number;
  /** Aborted when the process is about to stop, or may no longer work on the subject: end soon, what is unfinished is run again. */
  signal: AbortSignal;
}

export interface JobOptions {
  /**
   * How many of these jobs a process runs at the same time; 1 unless given. The last free place of several is kept for
   * a tenant of whom none is running, so that nobody waits for one tenant's long jobs.
   */
  concurrency?: number;
  /** How often a job is tried again after an unexpected error; 3 unless given. */
  retryLimit?: number;
}

type Runs<Data> = (data: Data, job: RunningJob) => Promise<void>;
type Failed<Data> = (data: Data, reason: Error, manager: EntityManager) => Promise<void>;

const jobMethod = Symbol('job method');
const jobFailedMethod = Symbol('job failed method');

/**
 * A provider's method that does long work. It may be started again after a crash, also when it was all but done, so it
 * looks at what is there already. A refusal (a `DomainError` below 500) is final; other errors are
 * tried again, and what cannot be reached or has no space is waited for.
 */
export const Job =
  <Data extends JobData>(name: string, options: JobOptions = {}) =>
  <Method extends Runs<Data>>(target: object, property: string, descriptor: TypedPropertyDescriptor<Method>): void => {
    SetMetadata(jobMethod, { name, concurrency: 1, retryLimit: 3, ...options } satisfies JobMark)(
      target,
      property,
      descriptor as PropertyDescriptor,
    );
  };

/** A provider's method that notes the final failure of a job, in the transaction that ends the job. */
export const OnJobFailed =
  <Data extends JobData>(name: string) =>
  <Method extends Failed<Data>>(
    target: object,
    property: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    SetMetadata(jobFailedMethod, name)(target, property, descriptor as PropertyDescriptor);
  };

interface JobMark {
  name: string;
  concurrency: number;
  retryLimit: number;
}

export interface HandledJob extends JobMark {
  run: Runs<JobData>;
  failed: Failed<JobData>;
}

/** Every `@Job` method of the application with its `@OnJobFailed`. */
@Injectable()
export class JobHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  all(): Map<string, HandledJob> {
    const failed = new Map(this.methods<string, Failed<JobData>>(jobFailedMethod).map((one) => [one.mark, one.method]));
    const handlers = new Map<string, HandledJob>();
    for (const { mark, method } of this.methods<JobMark, Runs<JobData>>(jobMethod)) {
      if (handlers.has(mark.name)) throw new Error(`There are two @Job('${mark.name}') methods`);
      handlers.set(mark.name, { ...mark, run: method, failed: failed.get(mark.name) ?? (async () => {}) });
    }
    return handlers;
  }

  private methods<Mark, Handler extends (...args: never[]) => unknown>(key: symbol) {
    return decoratedMethods<Mark, Handler>(this.discovery, this.scanner, key);
  }
}
