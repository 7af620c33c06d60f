export * from './process.js';
export * from './database/index.js';
export * from './facts/index.js';
export * from './jobs/index.js';
export { Loop } from './jobs/loop.js';
export { ServiceModule, type ServiceModuleOptions } from './service.module.js';
