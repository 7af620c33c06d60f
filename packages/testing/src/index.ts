export { type DatabaseUrls, type TestDatabase, testDatabase } from './database.js';
export { type TestNats, testNats } from './nats.js';
export { startTestPostgres, type TestPostgres } from './postgres.js';
