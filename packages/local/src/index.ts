export { natsBinary } from './nats-binary.js';
export { type Platform, type PlatformOptions, startPlatform } from './platform.js';
export { runUntilStopped } from './run.js';
