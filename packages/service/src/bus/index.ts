export { Answers } from './answers.js';
export { Bus } from './bus.js';
export { connectNats, NATS_CONNECTION, type NatsConnection } from './connection.js';
export { OperationServer } from './operation-server.js';
export { hasRole, principalOf, requireRole } from './principal.js';
export { validated } from './validation.js';
export { BusModule, type BusOptions } from './bus.module.js';
