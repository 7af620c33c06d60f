export * from './day.js';
export * from './month.js';
