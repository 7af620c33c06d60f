export * from './booking-date.js';
export * from './chart.js';
export * from './journal.js';
export * from './trial-balance.js';
