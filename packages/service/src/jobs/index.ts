export { Job, type JobData, type JobOptions, OnJobFailed, type RunningJob } from './job.js';
export { Jobs, type SendOptions } from './jobs.js';
export { jobsOperations } from './jobs.controller.js';
export { JobsModule } from './jobs.module.js';
