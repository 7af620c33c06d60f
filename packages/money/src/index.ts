export * from './currency.js';
export * from './decimal.js';
export * from './json.js';
