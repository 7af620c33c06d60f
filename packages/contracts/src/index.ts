export * from './call.js';
export * from './errors.js';
export * from './fact.js';
export * from './fields.js';
export * from './identity/index.js';
export * from './operation.js';
export * from './royalties/index.js';
