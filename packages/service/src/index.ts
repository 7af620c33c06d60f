export * from './process.js';
export * from './database/index.js';
export { ServiceModule, type ServiceModuleOptions } from './service.module.js';
